"""supervisord: it restarts processes that die, keeps their logs, and stops them with itself."""

import shlex
import socket
import subprocess
import sys
import xmlrpc.client
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import not_
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import Faults, SupervisorTransport

from deploy.devstack.endings import Endings, endings
from deploy.devstack.obstacles import SOCKET, StackError
from deploy.devstack.processes import Process
from deploy.prepare.private_file import write_private
from deploy.waiting import until
from schemas.stages import STOPS_WITHIN_S

STEADY_S = 20
"""A process that dies sooner after its start waits before the next one, each time longer."""
LAUNCH_TIMEOUT_S = 10
KILL_S = 10
"""For the kernel to remove a process that was killed."""
SERVERS = ("clickhouse", "s3", "kafka")
"""In the order in which they are stopped, after the stages."""
UP = ("RUNNING", "STARTING")
DOWN = ("STOPPED", "STOPPING", "FATAL")
"""Nothing starts a program in such a state, except a request."""
HEAD = """[supervisord]
logfile={home}/supervisord.log
pidfile={home}/supervisord.pid
directory={here}
childlogdir={home}
[unix_http_server]
file={socket}
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
PROGRAM = """[program:{name}]
command={command}
environment={environment}
autostart=false
autorestart=true
startsecs={startsecs}
startretries=1000
stopwaitsecs={wait}
killasgroup=true
redirect_stderr=true
stdout_logfile={home}/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=1
"""


NONE = Endings()


@dataclass(frozen=True)
class ProcessState:
    """supervisord's account of one process: its name for the state, the pid (0: none), and why.

    `exit_status` is that of its last end; -1 when a signal ended it. `endings` are those that
    nobody asked for.
    """

    name: str
    pid: int
    description: str = ""
    exit_status: int = 0
    endings: Endings = NONE

    @property
    def is_up(self) -> bool:
        """Whether it runs or is being started."""
        return self.name in UP


class Supervisor:
    """One supervisord and its socket, under `<data_dir>/supervisor`."""

    def __init__(self, data_dir: Path, steady_s: int = STEADY_S) -> None:
        self.home = data_dir.resolve() / "supervisor"
        self._socket = data_dir.resolve() / SOCKET
        self._steady_s = steady_s

    def launch(self, processes: Sequence[Process]) -> None:
        """Start supervisord with these programs, none of them running yet.

        Blocks until its socket answers. Raises StackError and TimeoutError.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        head = HEAD.format(
            home=_escaped(self.home), here=_escaped(Path.cwd()), socket=_escaped(self._socket)
        )
        config = self.home / "supervisord.conf"
        text = head + "".join(map(self._program, processes))
        write_private(config, text.encode())
        command = [
            sys.executable,
            "-m",
            "deploy.devstack.patient_supervisord",
            "-c",
            str(config),
        ]
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            raise StackError(f"supervisord does not start: {said[-500:]}")
        until(self.running, bool, LAUNCH_TIMEOUT_S, complaint="supervisord does not answer")

    def await_end(self) -> None:
        """Block until a supervisord that was told to end is gone. Raises TimeoutError."""
        until(self._is_listened_to, not_, STOPS_WITHIN_S, complaint="supervisord does not end")

    def _is_listened_to(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket)) == 0

    def was_killed(self) -> bool:
        """Return whether the last one had no time to clean up. Its programs drain by themselves."""
        return (self.home / "supervisord.pid").exists() and not self.running()

    def _program(self, process: Process) -> str:
        variables = process.environment.items()
        environment = ",".join(f'{name}="{_escaped(value)}"' for name, value in variables)
        return PROGRAM.format(
            name=process.name,
            command=_escaped(shlex.join(process.command)),
            environment=environment,
            wait=STOPS_WITHIN_S,
            startsecs=self._steady_s,
            home=_escaped(self.home),
        )

    def _rpc(self) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def running(self) -> bool:
        """Return whether supervisord answers."""
        try:
            return bool(self._rpc().getState()["statecode"] == 1)
        except (OSError, xmlrpc.client.Error):
            return False

    def start(self, names: Sequence[str]) -> None:
        """Start programs without waiting for them. A program that is up stays as it is."""
        for name in names:
            _told(self._rpc().startProcess, name, Faults.ALREADY_STARTED)

    def start_missing(self, names: Sequence[str]) -> None:
        """Start those programs that are not up, without waiting for them. Repeatable."""
        states = self.states()
        self.start([name for name in names if not states[name].is_up])

    def stop(self, names: Sequence[str], wait: bool = True) -> None:
        """Stop programs. Blocks until they are gone, each after the time that it needs to drain.

        A program that does not run stays as it is. A program that just died is stopped too:
        supervisord would start it again.
        """
        for name in names:
            until(partial(self._stopping, name), bool)
        if not wait:
            return
        until(
            lambda: [name for name in names if self.states()[name].pid],
            not_,
            STOPS_WITHIN_S + KILL_S,
        )

    def _stopping(self, name: str) -> bool:
        """Tell a program to stop. Return whether nothing starts it any more."""
        told = _told(self._rpc().stopProcess, name, Faults.NOT_RUNNING)
        return told or self.states()[name].name in DOWN

    def states(self) -> dict[str, ProcessState]:
        """Return the state of each process by its name."""
        rows = self._rpc().getAllProcessInfo()
        with (self.home / "supervisord.log").open(errors="replace") as log:
            ended = endings(log)
        return {row["name"]: _state(row, ended.get(row["name"], NONE)) for row in rows}

    def shutdown(self) -> None:
        """Stop everything, stages first so that they drain. Blocks until supervisord is gone."""
        rpc = self._rpc()
        pid = int(rpc.getPID())
        names = list(self.states())
        self.stop([name for name in names if name not in SERVERS])
        self.stop([name for name in SERVERS if name in names])
        rpc.shutdown()
        until(Path(f"/proc/{pid}").exists, not_, STOPS_WITHIN_S)

    def log_path(self, name: str) -> Path:
        """Return the log file of a process."""
        return self.home / f"{name}.log"

    def log_tail(self, name: str, lines: int = 15) -> str:
        """Return the last lines that a process wrote."""
        path = self.log_path(name)
        if not path.exists():
            return "(no log)"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def _told(call: Callable[[str, bool], object], name: str, is_so: int) -> bool:
    """Call without waiting. Return False when supervisord says that it is so already."""
    try:
        call(name, False)
    except xmlrpc.client.Fault as fault:
        if fault.faultCode != is_so:
            raise
        return False
    return True


def _state(row: dict[str, Any], ended: Endings) -> ProcessState:
    status = int(row["exitstatus"])
    return ProcessState(
        row["statename"],
        int(row["pid"]),
        row["description"],
        status,
        ended,
    )


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")
