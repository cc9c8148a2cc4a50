"""One line for each batch that a stage or a fold finished: ids, milliseconds, sizes.

No word, no name and no id of a user is in it. A batch of a speech stage is a window, one of
`cluster` is a session.
"""

from collections import Counter
from collections.abc import Sequence

from adapters.process.logs import logger
from schemas.event import Event, SessionEvent

MOST_NAMED = 8
"""Sessions that one line names. A batch of the sink has hundreds."""

WINDOW = ("window", "revision", "start_ms", "end_ms")
"""Fields of an event about one window that are logged."""


def batch_done(stage: str, events: Sequence[Event], messages: int, took_s: float) -> None:
    """Log a batch of `messages` whose offsets are committed; `events` are those that could be read.

    Does not block. Sessions are named up to MOST_NAMED of them, and windows when there is one.
    """
    sessions = {event.session_id for event in events if isinstance(event, SessionEvent)}
    logger().info(
        "batch_done",
        stage=stage,
        messages=messages,
        events=Counter(type(event).__name__ for event in events),
        sessions=sorted(sessions)[:MOST_NAMED],
        ms=round(took_s * 1000, 1),
        **_window(events),
    )


def _window(events: Sequence[Event]) -> dict[str, int]:
    if len(events) != 1:
        return {}
    found = {name: getattr(events[0], name, None) for name in WINDOW}
    return {name: value for name, value in found.items() if isinstance(value, int)}


def micro_batch_done(fold: str, messages: int, outputs: int, writes: int, took_s: float) -> None:
    """Log a transaction of a fold: messages taken, messages published, rows written.

    Does not block. No key is named: some are ids of users.
    """
    logger().info(
        "micro_batch_done",
        fold=fold,
        messages=messages,
        outputs=outputs,
        writes=writes,
        ms=round(took_s * 1000, 1),
    )
