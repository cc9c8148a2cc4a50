"""Open fuses on their topic, and the gate that keeps a stage from its messages while one is open.

An open fuse outlives the process that opened it: a stage that was started again would else handle
some messages, write some dead letters, end, and so drain its topic.
"""

import threading
from contextlib import closing

import msgspec

from adapters.kafka.fuse import FuseOpened
from adapters.kafka.publisher import KafkaPublisher, Outgoing
from adapters.kafka.reader import whole
from adapters.process import metrics
from adapters.process.clock import Clock
from adapters.process.logs import logger
from adapters.process.retry import retry_transient
from schemas.codec import NO_EVENT
from schemas.fuses import FUSES, OpenFuse
from schemas.stage_names import StageName

LOOK_S = 2.0
"""Between two looks whether somebody has closed the fuse."""


class Fuses:
    """All open fuses. Blocking; raises TransientError when the broker stays away."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    def open_ones(self) -> dict[str, OpenFuse]:
        """By stage."""
        found: dict[str, OpenFuse] = {}
        for message in whole(self._bootstrap, "fuses", FUSES):
            found.pop(message.key_text, None)
            if message.value:
                found |= _opened(message.key_text, message.value)
        return found

    def keep_open(self, fuse: OpenFuse) -> None:
        """From now on the stage waits, also when it is started again. Repeatable."""
        self._put(fuse.stage, msgspec.json.encode(fuse))

    def close(self, stage: str) -> None:
        """The stage goes on. Repeatable."""
        self._put(stage, None)

    def _put(self, stage: str, value: bytes | None) -> None:
        with closing(KafkaPublisher(self._bootstrap)) as publisher:
            publisher.publish([Outgoing(FUSES.name, stage.encode(), value)])


def _opened(name: str, value: bytes) -> dict[str, OpenFuse]:
    """The open fuse of a stage; none for a name that no stage of this version has.

    It is open also when another version wrote what this one cannot read.
    """
    try:
        stage = StageName(name)
    except ValueError:
        return {}
    try:
        return {stage: msgspec.json.decode(value, type=OpenFuse)}
    except NO_EVENT:
        return {stage: OpenFuse(stage=stage, opened_at_ms=0, failed=0, sources=0, reason="unknown")}


class FuseGate:
    """The fuse of one stage or fold, for its process."""

    def __init__(self, stage: str, fuses: Fuses, clock: Clock) -> None:
        self._stage = StageName(stage)
        self._fuses = fuses
        self._clock = clock
        self._stopping = threading.Event()
        self.found: OpenFuse | None = None
        """The fuse that was open at the last look. Safe from another thread."""
        metrics.FUSE_OPEN.labels(stage).set_function(lambda: float(self.found is not None))

    def wait(self) -> None:
        """Blocks while the fuse is open, until `stop`."""
        while not self._stopping.is_set():
            known = self.found
            self.found = retry_transient(self._fuses.open_ones).get(self._stage)
            if self.found is None:
                return
            if self.found != known:
                logger().error("fuse_is_open", stage=self._stage, says=self.found.in_words())
            self._stopping.wait(LOOK_S)

    def stop(self) -> None:
        """Ends `wait`."""
        self._stopping.set()

    def keep_open(self, error: FuseOpened) -> None:
        """Called before the process ends because of `error`. Blocking."""
        fuse = OpenFuse(
            stage=self._stage,
            opened_at_ms=self._clock(),
            failed=error.failed,
            sources=error.sources,
            reason=error.reason,
        )
        logger().error("fuse_opened", stage=self._stage, says=fuse.in_words())
        retry_transient(lambda: self._fuses.keep_open(fuse))

    def waits_for(self) -> str:
        """Why the stage does not work, for people; empty when nothing holds it up."""
        return self.found.in_words() if self.found else ""
