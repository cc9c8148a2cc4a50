"""The stack that is disturbed, and the ways to disturb it."""

import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.settings import HOST, PORTS, Settings
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.processes import stage_processes
from deploy.devstack.running_stack import RunningStack, running
from deploy.devstack.supervision import Supervisor
from tests.faults.load import Load
from tests.tcp_proxy import FINE, TcpProxy, Weather

SERVERS = ("kafka", "s3", "clickhouse")
EVERY_STAGE = tuple(process.name for process in stage_processes(Settings()))


@dataclass
class Scene:
    """A stack whose parts reach the servers through networks of their own; phones record on it."""

    stack: RunningStack
    network: Mapping[str, TcpProxy]
    load: Load

    @property
    def supervisor(self) -> Supervisor:
        """The supervisor of the stack."""
        return self.stack.stack.supervisor

    def start(self, names: Sequence[str]) -> None:
        """Start processes that were stopped. Does not block."""
        self.supervisor.start_missing(names)

    def kill(self, name: str, away_s: float = 0.0) -> None:
        """Send SIGKILL; the process comes back after `away_s`. Blocking."""
        self.stack.kill(name)
        if away_s:
            self.stop(name, away_s)

    def stop(self, name: str, away_s: float) -> None:
        """Send SIGTERM; the process comes back after `away_s`. Blocking."""
        self.supervisor.stop([name])
        time.sleep(away_s)
        self.start([name])

    def freeze(self, name: str, for_s: float) -> None:
        """Pause the process for so long. Blocking."""
        with self.frozen([name]):
            time.sleep(for_s)

    @contextmanager
    def frozen(self, names: Sequence[str]) -> Iterator[None]:
        """Pause processes while the block runs."""
        pids = [self.stack.pid(name) for name in names]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def disturb(self, server: str, weather: Weather, for_s: float) -> None:
        """Between the parts and a server the network is like this for so long. Blocking."""
        self.network[server].become(weather)
        try:
            time.sleep(for_s)
        finally:
            self.network[server].become(FINE)


@contextmanager
def networked_stack(folder: Path) -> Iterator[tuple[RunningStack, dict[str, TcpProxy]]]:
    """Yield a stack of its own, and its networks by the names of the servers behind them."""
    base = free_port_base()
    with ExitStack() as opened:
        network = {
            server: opened.enter_context(TcpProxy(f"{HOST}:{base + PORTS[server]}"))
            for server in SERVERS
        }
        addresses = {
            "KAFKA": network["kafka"].address,
            "S3_ENDPOINT": network["s3"].address,
            "CLICKHOUSE_URL": f"http://{network['clickhouse'].address}",
        }
        up = running(folder, PORT_BASE=str(base), GRACE_MS="8000", **addresses)
        yield opened.enter_context(up), network
