"""Pure: moments of events that some machine's clock put ahead of now."""

import msgspec

from schemas.event import Event
from schemas.session_events import Tick


def not_ahead(event: Event, now_ms: int) -> Event:
    """The event, at the latest of now: some machine's clock may be ahead.

    A session would wait until that clock's time before it asks for what it lacks. A Tick would seal
    it while it goes on, or remove its words before their days are over.
    """
    if isinstance(event, Tick):
        event = _tick_not_ahead(event, now_ms)
    if event.occurred_at_ms <= now_ms:
        return event
    return msgspec.structs.replace(event, occurred_at_ms=now_ms)


def _tick_not_ahead(tick: Tick, now_ms: int) -> Tick:
    ahead_ms = tick.now_ms - now_ms
    if ahead_ms <= 0:
        return tick
    handled_ms = tick.handled_until_ms
    if handled_ms is not None:
        handled_ms -= ahead_ms  # by the same clock
    return msgspec.structs.replace(tick, event_id="", now_ms=now_ms, handled_until_ms=handled_ms)
