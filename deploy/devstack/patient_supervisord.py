"""`python -m deploy.devstack.patient_supervisord`: supervisord, which never gives a program up.

A program that dies again and again within `startsecs` is started after 1, 2, 3 … LONGEST_WAIT_S
seconds. The original waits longer and longer, and gives it up after `startretries`.

A program can be stopped from its first moment on. The original loses a SIGTERM that comes before
the program has replaced supervisord in the new process, and kills it after `stopwaitsecs`.

Nothing of a program outlives it, and no program outlives supervisord, also when SIGKILL ends them:
what is left would hold ports and files, and nobody could stop it. The original leaves both.
"""

import ctypes
import os
import signal
from contextlib import suppress
from typing import Any

from supervisor.options import ProcessConfig, ServerOptions
from supervisor.process import Subprocess
from supervisor.states import ProcessStates
from supervisor.supervisord import go

LONGEST_WAIT_S = 60
"""Fewer than the `startretries` of our programs, so that those are never reached."""
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
"""Of prctl(2) in Linux: the signal that a process gets when its parent ends."""


class PatientProcess(Subprocess):  # type: ignore[misc]
    """A program whose wait grows to LONGEST_WAIT_S and no further."""

    backoff: int

    def change_state(self, new_state: int, expected: bool = True) -> Any:
        """As the original. Entering BACKOFF counts the failure."""
        if new_state == ProcessStates.BACKOFF:
            self.backoff = min(self.backoff, LONGEST_WAIT_S - 1)
        return super().change_state(new_state, expected)

    def finish(self, pid: int, sts: int) -> None:
        """As the original. Each program leads a process group; the rest of it is killed."""
        super().finish(pid, sts)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


class PatientConfig(ProcessConfig):  # type: ignore[misc]
    """Makes such processes."""

    def make_process(self, group: Any = None) -> PatientProcess:
        """As the original."""
        process = PatientProcess(self)
        process.group = group
        return process


class PatientOptions(ServerOptions):  # type: ignore[misc]
    """Reads sections as such programs."""

    def processes_from_section(
        self, parser: Any, section: str, group_name: str, klass: Any = None
    ) -> Any:
        """As the original. Each program is one of ours."""
        return super().processes_from_section(parser, section, group_name, PatientConfig)

    def fork(self) -> int:
        """As the original. SIGTERM ends the child, which has our handler until it is replaced.

        It comes too when we end before the program. A program stops its own children then.
        """
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        try:
            pid = os.fork()
            if not pid:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return pid


def main() -> None:
    """Go into the background and run until it is told to shut down."""
    options = PatientOptions()
    options.realize()
    options.first = True
    options.test = False
    go(options)
    options.close_httpservers()
    options.close_logger()


if __name__ == "__main__":
    main()
