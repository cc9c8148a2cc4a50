"""A program waits for its next start for a minute at most, and ends at once when it is stopped."""

import signal
import subprocess
import sys
from pathlib import Path

from supervisor.states import ProcessStates

from deploy.devstack.patient_supervisord import LONGEST_WAIT_S, PatientOptions
from deploy.devstack.supervision import HEAD, PROGRAM

STOPPED_AT_ONCE = """
import os, signal
from deploy.devstack.patient_supervisord import PatientOptions

fork = os.fork

def fork_and_stop():
    pid = fork()
    if not pid:
        os.kill(os.getpid(), signal.SIGTERM)
    return pid

options = PatientOptions()
options.setsignals()
os.fork = fork_and_stop
pid = options.fork()
if not pid:
    os._exit(7)
_, status = os.waitpid(pid, 0)
os.kill(os.getpid(), signal.SIGTERM)
print(os.waitstatus_to_exitcode(status), signal.SIGTERM in iter(options.get_signal, None))
"""


def test_sigterm_before_the_program_runs_ends_the_child_and_not_the_supervisor() -> None:
    command = [sys.executable, "-c", STOPPED_AT_ONCE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(-signal.SIGTERM), "True"]


def test_the_wait_for_the_next_start_grows_to_a_minute_and_no_further(tmp_path: Path) -> None:
    """Before, the class that says so was used by nobody: a program waited for up to 1,000 s."""
    program = PROGRAM.format(
        name="dies", command="false", environment="", wait=1, startsecs=1, home=tmp_path
    )
    file = tmp_path / "supervisord.conf"
    file.write_text(HEAD.format(home=tmp_path, here=tmp_path, socket=tmp_path / "s") + program)
    options = PatientOptions()
    options.realize(["-c", str(file)])
    process = options.process_group_configs[0].process_configs[0].make_process()
    for _ in range(LONGEST_WAIT_S * 2):
        process.change_state(ProcessStates.STARTING)
        process.change_state(ProcessStates.BACKOFF)
    assert process.backoff == LONGEST_WAIT_S
