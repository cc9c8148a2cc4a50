"""The thread that exports how many messages wait for a stage."""

import contextlib
import threading
import time
from collections.abc import Mapping

from adapters.kafka.lag import GroupLag, Kind
from adapters.process import metrics
from adapters.process.retry import TransientError
from schemas.stage_kinds import Stage

EVERY_S = 15.0
"""Between two looks while something waits."""
IDLE_EVERY_S = 60.0
"""The same while nothing does. The alert of messages that wait takes five minutes."""


def export(bootstrap: str, stage: Stage) -> None:
    """Start a daemon thread. Every worker of a stage exports the lag of the whole group."""
    lag = GroupLag(bootstrap, stage.group, stage.reads)

    def run() -> None:
        while True:
            waiting: Mapping[Kind, int] = {}
            with contextlib.suppress(TransientError):
                waiting = lag.by_kind()
            for kind, number in waiting.items():
                metrics.MESSAGES_WAITING.labels(stage.name, kind).set(number)
            time.sleep(pause_s(waiting))

    threading.Thread(target=run, name="lag", daemon=True).start()


def pause_s(waiting: Mapping[Kind, int]) -> float:
    """Return the seconds to the next look. `waiting` is empty when the broker was away. Pure."""
    is_idle = bool(waiting) and not any(waiting.values())
    return IDLE_EVERY_S if is_idle else EVERY_S
