"""A stack that is up, for tests and benchmarks: play recordings, kill processes, read state."""

import os
import signal
import socket
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import chain
from operator import not_
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from rich.console import Console

from adapters.settings import Settings
from deploy.demo import playback
from deploy.demo.playback import Played
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.group_offsets import StackOffsets
from deploy.devstack.processes import worker_count
from deploy.devstack.stack import Stack
from deploy.waiting import SHORTEST_S, until
from schemas import stages
from schemas.fact_sheet import Topic
from schemas.stage_kinds import Stage

RECORDINGS = Path("tests/recordings")
SERVERS = ("kafka", "s3", "clickhouse")
SPEED = 8.0
"""Of a recording, for one second of a clock."""
RESTART_TIMEOUT_S = 120
HANDLED_TIMEOUT_S = 60.0
METRICS_TIMEOUT_S = 60.0


class RunningStack:
    """A stack that is up. Its environment is this process's environment."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._offsets = StackOffsets(stack.settings.kafka)

    def close(self) -> None:
        """Give the connections to the broker back."""
        self._offsets.close()

    @property
    def settings(self) -> Settings:
        """As the stack's processes read them."""
        return self.stack.settings

    def play(self, name: str, speed: float = SPEED) -> Played:
        """Send a recording as a fast phone does, until it is counted and claimed. Blocking."""
        return playback.play(
            self.settings,
            RECORDINGS / f"{name}.flac",
            speed,
            Console(quiet=True),
        )

    def play_while(self, name: str, disturb: Callable[[], None], speed: float = SPEED) -> Played:
        """Run `disturb` on this thread while the recording plays on another one."""
        with ThreadPoolExecutor(1) as pool:
            playing = pool.submit(self.play, name, speed)
            disturb()
            return playing.result()

    def pid(self, name: str) -> int:
        """Return the pid of a process, as the supervisor knows it; 0 when it does not run."""
        return self.stack.supervisor.states()[name].pid

    def kill(self, name: str) -> None:
        """Send SIGKILL: no handler runs. The supervisor starts the process again."""
        os.kill(self.pid(name), signal.SIGKILL)

    def names(self) -> list[str]:
        """Return the names of all processes."""
        return [one.name for one in self.stack.status()]

    def keep_only(self, names: Collection[str]) -> None:
        """Stop all other processes. Blocking."""
        others = [name for name in self.names() if name not in names]
        self.stack.supervisor.stop(others)

    def await_answers(self, timeout_s: float = 60.0) -> None:
        """Block until every process answers again. Raises TimeoutError with those that do not."""
        until(self._silent, not_, timeout_s)

    def _silent(self) -> list[str]:
        return [one.name for one in self.stack.status() if not one.answers]

    def answers(self, stage: str) -> bool:
        """Return whether the first worker of a stage says that it is ready."""
        with socket.socket() as probe:
            probe.settimeout(5)
            try:
                probe.connect((self.settings.host, self._health_port(stage)))
                probe.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
                return b" 200 " in probe.recv(64)
            except OSError:
                return False

    def metrics(self, stage: str, worker: int = 0) -> dict[str, float]:
        """Return a worker's own metrics, by name and labels as Prometheus writes them."""
        port = self._health_port(stage) + worker
        answer = httpx.get(f"http://{self.settings.host}:{port}/metrics", timeout=METRICS_TIMEOUT_S)
        metrics: dict[str, float] = {}
        for line in answer.text.splitlines():
            if line.startswith("#"):
                continue
            name, _, value = line.rpartition(" ")
            metrics[name] = float(value)
        return metrics

    def _health_port(self, stage: str) -> int:
        return self.settings.port_base + stages.BY_NAME[stage].health_port

    def handled(self, stage: str, worker: int = 0, outcome: str = "done") -> int:
        """Return how many messages a worker handled, from its own metrics."""
        name = f'lahstats_events_handled_total{{outcome="{outcome}",stage="{stage}"}}'
        return int(self.metrics(stage, worker).get(name, 0))

    def await_handled(self, stage: str, least: int) -> None:
        """Block until the workers of a stage together handled `least` messages.

        Raises TimeoutError after HANDLED_TIMEOUT_S.
        """
        workers = range(worker_count(self.settings, stages.BY_NAME[stage]))
        until(
            lambda: sum(self.handled(stage, worker) for worker in workers),
            lambda handled: handled >= least,
            HANDLED_TIMEOUT_S,
            SHORTEST_S,  # something is to happen right after it
        )

    def lag_of(self, group: str, topic: Topic) -> int:
        """Return the messages of `topic` that `group` has yet to commit."""
        return self._offsets.lag_of(group, topic)

    def await_quiet(self, timeout_s: float = 300.0) -> None:
        """Block until no group is behind, twice in a row a second apart."""
        quiet = 0

        def seen_quiet() -> int:
            nonlocal quiet
            quiet = 0 if self._offsets.are_behind() else quiet + 1
            return quiet

        complaint = f"messages were still waiting after {timeout_s:.0f} s"
        until(seen_quiet, lambda times: times >= 2, timeout_s, every_s=1, complaint=complaint)

    def replay_everything(self) -> int:
        """Stop the stages, put every consumer group back to offset 0, and start them again.

        Returns the messages that come again.
        """
        with self.stack.without_stages():
            count = self._offsets.rewind()
        self.await_answers(RESTART_TIMEOUT_S)
        return count


def essence(played: Played) -> dict[str, object]:
    """Return what must not depend on what died meanwhile: turns, words, counts."""
    document = played.document()
    names = ("audio_s", "speakers", "turns", "transcript", "missing_audio")
    return {name: document[name] for name in names}


@contextmanager
def running(
    folder: Path, of: Sequence[Stage] = stages.ALL, /, **settings: str
) -> Iterator[RunningStack]:
    """Yield a stack of its own in `folder`, on ports of its own, and take it down at the end.

    `of`: the stages that it has.
    """
    values = {"DATA_DIR": str(folder), "PORT_BASE": str(free_port_base()), **settings}
    with _environment({f"LAHSTATS_{name}": value for name, value in values.items()}):
        stack = Stack(Settings(), of)
        try:
            for _ in chain(stack.up(), stack.await_models()):
                pass
            with closing(RunningStack(stack)) as up:
                yield up
        finally:
            stack.down()


@contextmanager
def scratch_stack(purpose: str, **settings: str) -> Iterator[RunningStack]:
    """Yield a stack whose data is in a temporary folder, which goes when the stack is down."""
    with (
        TemporaryDirectory(prefix=f"lahstats-{purpose}-") as folder,
        running(Path(folder), **settings) as stack,
    ):
        yield stack


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    # `Stack.up` sets the data directory as well, so all variables are put back.
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
