"""The attribution fold without its objects: events in, orders out."""

from schemas.event import Event, Pointer
from schemas.ids import SessionId, UserId
from schemas.session_events import Cause, SessionSealed
from streams.attribution.announce import announce
from streams.attribution.fold import decide
from streams.attribution.state import Order, load, save
from streams.store import Store

SESSION = SessionId("s")
SEALED = SessionSealed(
    occurred_at_ms=1,
    session_id=SESSION,
    owner=UserId("u"),
    group_id=None,
    generation=1,
    cause=Cause.SEALED,
    windows=(1, 2, 1),
    window_ms=20_000,
    total_ms=50_000,
    gaps=(),
    hint=None,
    lexicon="1",
    time_zone="UTC",
    recorded_at_ms=0,
)


def pointer(name: str) -> Pointer:
    """An object of that name."""
    return Pointer(key=name, sha256=name, size=1)


def orders_after(store: Store, event: Event) -> list[Order]:
    """Returns what the fold orders after `event`."""
    before = load(store, event)
    assert before is not None
    after = decide(before, event, None)
    orders = announce(before, after, event)
    save(store, before, after)
    return orders
