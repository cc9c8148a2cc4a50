"""A fold's view of its table: reads see writes, an event's writes can be discarded alone."""

import msgspec
from cachetools import LRUCache

from streams.store import Store
from streams.view import view_of


class Value(msgspec.Struct, frozen=True):
    """One value of a table."""

    n: int


def test_writes_of_a_discarded_event_leave_those_of_the_events_before() -> None:
    empty: dict[str, bytes] = {}
    store = Store(empty.get)
    store.put("a", Value(1))
    store.accept()
    store.put("a", Value(2))
    store.put("b", Value(2))
    store.discard()
    assert store.get("a", Value) == Value(1)
    assert store.writes == {"a": Value(1)}


def test_a_value_that_changes_back_in_the_same_event_is_written_back() -> None:
    store = Store({"a": msgspec.json.encode(Value(1))}.get)
    store.put("a", Value(2))
    store.put("a", Value(1))
    assert store.get("a", Value) == Value(1)
    assert store.writes == {"a": Value(1)}


def test_a_deleted_key_is_gone_for_the_next_event_and_from_the_table() -> None:
    table = {"a": msgspec.json.encode(Value(1))}
    store = Store(table.get)
    store.delete("a")
    store.delete("never there")
    store.accept()
    assert store.get("a", Value) is None
    assert store.writes == {"a": None}
    store.write_to(table)
    assert table == {}


def test_a_value_is_set_and_none_removes_it() -> None:
    table = {"b": msgspec.json.encode(Value(1))}
    store = Store(table.get)
    store.set("a", Value(2))
    store.set("b", None)
    store.write_to(table)
    assert table == {"a": msgspec.json.encode(Value(2))}


def test_an_event_reads_each_of_its_values_once_however_few_the_host_remembers() -> None:
    """Before, a verdict in a talk of twelve hours read all of its windows four times."""
    asked: list[str] = []

    def table(key: str) -> bytes:
        asked.append(key)
        return msgspec.json.encode(Value(1))

    view = view_of(Store(table, LRUCache(1)), Value)
    for key in "abcabc":
        view = view.setting("d", Value(2))
        assert view.get(key) == Value(1)
    assert view.get("d") == Value(2)
    assert asked == ["a", "b", "c"]
