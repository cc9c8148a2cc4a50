"""supervisord: restarts what dies, keeps logs, ends every process group when it ends."""

import shlex
import subprocess
import sys
import time
import xmlrpc.client
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from deploy.devstack.processes import Process

DRAIN_S = 30
HEAD = """[supervisord]
logfile={home}/supervisord.log
pidfile={home}/supervisord.pid
directory={here}
childlogdir={home}
[unix_http_server]
file={home}/supervisor.sock
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
PROGRAM = """[program:{name}]
command={command}
environment={environment}
autostart=false
autorestart=true
startsecs=1
startretries=20
stopwaitsecs={wait}
killasgroup=true
redirect_stderr=true
stdout_logfile={home}/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=1
"""


class Supervisor:
    """One supervisord and its socket, under `<data_dir>/supervisor`."""

    def __init__(self, data_dir: Path) -> None:
        self.home = data_dir.resolve() / "supervisor"

    def launch(self, processes: list[Process]) -> None:
        """Start supervisord with these programs, none of them running yet. Blocks until its socket answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        config = self.home / "supervisord.conf"
        config.touch(mode=0o600)
        config.write_text(
            HEAD.format(home=_escaped(self.home), here=_escaped(Path.cwd()))
            + "".join(map(self._program, processes))
        )
        subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(config)],
            check=True,
            stdin=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while not self.running() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _program(self, process: Process) -> str:
        environment = ",".join(
            f'{name}="{_escaped(value)}"' for name, value in process.environment.items()
        )
        return PROGRAM.format(
            name=process.name,
            command=_escaped(shlex.join(process.command)),
            environment=environment,
            wait=DRAIN_S + 5,
            home=_escaped(self.home),
        )

    def _rpc(self) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self.home}/supervisor.sock")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def running(self) -> bool:
        """Whether supervisord answers."""
        try:
            return bool(self._rpc().getState()["statecode"] == 1)
        except (OSError, xmlrpc.client.Error):
            return False

    def start(self, names: list[str]) -> None:
        """Start programs without waiting for them."""
        for name in names:
            self._rpc().startProcess(name, False)

    def stop(self, names: list[str]) -> None:
        """Stop programs, giving each its time to drain; blocks until they are gone."""
        for name in names:
            self._rpc().stopProcess(name, False)
        self._await_stopped(names)

    def states(self) -> dict[str, dict[str, Any]]:
        """Name -> supervisord's own account of the process: statename, pid, description."""
        return {row["name"]: row for row in self._rpc().getAllProcessInfo()}

    def shutdown(self) -> None:
        """Stop everything, stages first so that they can drain; blocks until supervisord is gone."""
        rpc = self._rpc()
        pid = int(rpc.getPID())
        last = ("clickhouse", "s3", "kafka")
        names = [
            name
            for name, row in self.states().items()
            if row["statename"] in ("RUNNING", "STARTING", "BACKOFF")
        ]
        for group in ([n for n in names if n not in last], [n for n in last if n in names]):
            self.stop(group)
        rpc.shutdown()
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.05)

    def _await_stopped(self, names: list[str]) -> None:
        deadline = time.monotonic() + DRAIN_S + 6
        while time.monotonic() < deadline and any(
            self.states()[n]["statename"] in ("RUNNING", "STOPPING") for n in names
        ):
            time.sleep(0.1)

    def log_path(self, name: str) -> Path:
        """Where a process writes."""
        return self.home / f"{name}.log"

    def log_tail(self, name: str, lines: int = 15) -> str:
        """The last lines a process wrote."""
        path = self.log_path(name)
        return (
            "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
            if path.exists()
            else "(no log)"
        )


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")
