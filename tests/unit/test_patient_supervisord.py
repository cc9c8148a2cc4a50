"""A program that is stopped as it is being started ends at once."""

import signal
import subprocess
import sys

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
