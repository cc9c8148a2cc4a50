"""Ctrl-C, SIGTERM and a terminal that closes end a command, and not in the middle of clean-up."""

import subprocess
import sys

import pytest

ENDED = """
import os, signal, time
from deploy.devstack.interruptions import end_as_by_ctrl_c
signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests may run in the background
for name in {defaults}:
    signal.signal(name, signal.SIG_DFL)
end_as_by_ctrl_c()
try:
    os.kill(os.getpid(), signal.{name})
    time.sleep(10)
except KeyboardInterrupt:
    print("cleaned up")
"""
TWICE = """
import os, signal
from deploy.devstack.interruptions import undisturbed
for name in (signal.SIGINT, signal.SIGTERM):
    signal.signal(name, signal.default_int_handler)
try:
    with undisturbed():
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
            os.kill(os.getpid(), name)
        print("cleaned up", flush=True)
except KeyboardInterrupt:
    print("ended")
"""


def output(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_each_of_them_lets_a_command_clean_up(name: str) -> None:
    """Before, SIGTERM ended a benchmark and left its stack; a closed terminal ended every one."""
    assert (
        output(ENDED.format(name=name, defaults="(signal.SIGTERM, signal.SIGHUP)"))
        == "cleaned up\n"
    )


def test_a_signal_that_is_ignored_stays_so() -> None:
    """`nohup lahstats …` goes on when the terminal closes."""
    code = f"""
import os, signal
signal.signal(signal.SIGHUP, signal.SIG_IGN)
{ENDED.format(name="SIGHUP", defaults="()").replace("time.sleep(10)", "print('goes on')")}"""
    assert output(code) == "goes on\n"


def test_another_one_waits_until_what_was_started_is_stopped() -> None:
    """Before, a second Ctrl-C left processes behind."""
    assert output(TWICE) == "cleaned up\nended\n"


def test_every_command_ends_so() -> None:
    code = """
import os, signal
from deploy.cli import main
signal.signal(signal.SIGTERM, signal.SIG_DFL)
main.lahstats()
print(signal.getsignal(signal.SIGTERM) is signal.default_int_handler)
"""
    assert output(code) == "True\n"
