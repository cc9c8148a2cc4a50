"""The attribution fold without its objects: events in, orders out."""

from schemas.event import Event
from streams.attribution.announce import announce
from streams.attribution.fold import decide
from streams.attribution.state import Order, load, save
from streams.store import Store


def orders_after(store: Store, event: Event) -> list[Order]:
    """Returns what the fold orders after `event`."""
    before = load(store, event)
    assert before is not None
    after = decide(before, event, None)
    orders = announce(before, after, event)
    save(store, before, after)
    return orders
