"""The thread that exports how many messages wait for a stage."""

import contextlib
import threading
import time

from adapters.kafka.lag import GroupLag
from adapters.process import metrics
from adapters.process.retry import TransientError
from schemas.stage_kinds import Stage

EVERY_S = 15.0


def export(bootstrap: str, stage: Stage) -> None:
    """Start a daemon thread. Every worker of a stage exports the lag of the whole group."""
    lag = GroupLag(bootstrap, stage.group, stage.reads)

    def run() -> None:
        while True:
            with contextlib.suppress(TransientError):
                for kind, number in lag.by_kind().items():
                    metrics.MESSAGES_WAITING.labels(stage.name, kind).set(number)
            time.sleep(EVERY_S)

    threading.Thread(target=run, name="lag", daemon=True).start()
