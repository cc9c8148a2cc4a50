"""Laws of every event class: the id is the UUIDv5 of the identity, and nothing else changes it."""

from operator import attrgetter
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas import topics
from schemas.event import Event, Pointer
from schemas.ids import NAMESPACE
from schemas.session_events import Tick
from tests.golden import EXAMPLES, NAMES, example_of

every_event = pytest.mark.parametrize("event", [event for _, event in EXAMPLES], ids=NAMES)


def paths(event: Event) -> list[str]:
    """Every field but the id; a pointer's fields each by themselves."""
    found: list[str] = []
    for name in event.__struct_fields__:
        value = getattr(event, name)
        inner = value.__struct_fields__ if isinstance(value, Pointer) else ()
        found += [f"{name}.{field}" for field in inner] or [name]
    return [path for path in found if path != "event_id"]


def other(data: st.DataObject, value: object) -> object:
    """A value that is not `value`; constructors do not look at types."""
    match value:
        case str():
            return data.draw(st.text().filter(lambda text: text != value))
        case int():
            return data.draw(st.integers().filter(lambda number: number != value))
    return data.draw(st.sampled_from([None, 1, "x", ()]).filter(lambda found: found != value))


def changed(event: Event, path: str, value: object) -> Event:
    """The event with another value at `path`, made anew."""
    name, _, field = path.partition(".")
    changes: dict[str, Any] = {name: value}
    if field:
        changes = {name: replace(getattr(event, name), **{field: value})}
    return replace(event, event_id="", **changes)


@every_event
def test_the_id_is_the_uuid_of_the_identity_and_equal_for_a_repeat(event: Event) -> None:
    identity = [str(attrgetter(path)(event)) for path in type(event).identity]
    assert event.event_id == str(uuid5(NAMESPACE, "\x1f".join([type(event).__name__, *identity])))
    assert replace(event, event_id="") == event


@every_event
@settings(max_examples=10)
@given(st.data())
def test_a_neighbour_has_another_id_and_a_correction_the_same(
    event: Event, data: st.DataObject
) -> None:
    identity = type(event).identity
    assert set(identity) < set(paths(event))
    for path in paths(event):
        neighbour = changed(event, path, other(data, attrgetter(path)(event)))
        assert (neighbour.event_id != event.event_id) is (path in identity), path


def test_two_events_of_one_identity_have_two_ids() -> None:
    assert len({event.event_id for _, event in EXAMPLES}) == len(EXAMPLES)


def test_an_event_that_may_be_sent_declares_an_identity() -> None:
    assert [kind for topic in topics.ALL for kind in topic.events if not kind.identity] == []
    with pytest.raises(TypeError, match="Nameless declares no identity"):

        class Nameless(Event):
            a: int


def test_an_identity_of_fields_that_are_not_there_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"Misspelt has no field b\.sha256"):

        class Misspelt(Event, identity=("a", "b.sha256")):
            a: int


def test_a_field_of_the_identity_cannot_be_changed_under_an_old_id() -> None:
    event = example_of(Tick)
    with pytest.raises(ValueError, match="does not follow"):
        replace(event, now_ms=event.now_ms + 1)
    assert replace(event, occurred_at_ms=7).event_id == event.event_id
