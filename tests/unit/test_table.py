"""A table on disk: partitions apart, one write whole, and an index of what is due."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.process.retry import is_of_machine
from adapters.table import FRESH_S, Table


def due(key: bytes, value: bytes) -> int | None:
    """A value that is a number is due at that time."""
    return int(value) if value.isdigit() else None


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    opened = Table(tmp_path, due)
    yield opened
    opened.close()


def test_partitions_are_apart(table: Table) -> None:
    table.write(1, {b"a": b"one"}, reached=5)
    table.write(258, {b"a": b"other"}, reached=9)
    table.clear(1)
    assert table.get(1, b"a") is None
    assert list(table.items(258)) == [(b"a", b"other")]
    assert (table.reached(1), table.reached(258)) == (0, 9)


def test_a_deleted_row_is_gone_from_the_index_too(table: Table) -> None:
    table.write(1, {b"a": b"10", b"b": b"20", b"c": b"never"}, reached=1)
    assert list(table.due(1, 20)) == [b"a", b"b"]
    table.write(1, {b"a": None, b"b": b"21"}, reached=2)
    assert list(table.due(1, 20)) == []
    assert list(table.due(1, 21)) == [b"b"]
    table.write(1, {b"b": b"never"}, reached=3)
    assert list(table.due(1, 99)) == []


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Table(tmp_path, due, "1")
    first.write(3, {b"a": b"10"}, reached=7)
    first.close()
    second = Table(tmp_path, due, "1")
    assert (second.get(3, b"a"), second.reached(3), list(second.due(3, 10))) == (b"10", 7, [b"a"])
    second.close()


def test_a_copy_of_another_version_is_thrown_away(tmp_path: Path) -> None:
    first = Table(tmp_path, due, "1")
    first.write(3, {b"a": b"10"}, reached=7)
    first.close()
    second = Table(tmp_path, due, "2")
    assert (second.get(3, b"a"), second.reached(3)) == (None, 0)
    second.close()


def test_a_copy_that_may_have_missed_a_deletion_begins_again(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.write(3, {b"a": b"10"}, reached=7)
    later = time.time() + FRESH_S
    monkeypatch.setattr("adapters.table.time", lambda: later)
    assert table.reached(3) == 0


def test_a_copy_that_had_one_writer_is_fresh_however_old_its_last_row_is(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.write(3, {b"a": b"10"}, reached=7)
    later = time.time() + 2 * FRESH_S
    monkeypatch.setattr("adapters.table.time", lambda: later)
    table.touch(3)
    table.touch(4)
    assert (table.reached(3), table.reached(4)) == (7, 0)
    monkeypatch.setattr("adapters.table.time", lambda: later - FRESH_S)  # the clock went back
    assert table.reached(3) == 0


def test_a_copy_that_is_damaged_is_no_fault_of_an_event_and_is_made_anew(tmp_path: Path) -> None:
    """Before, each event that read a spoiled block was a dead letter, at every start."""
    first = Table(tmp_path)
    first.write(3, {b"a%d" % n: random.Random(n).randbytes(2_000) for n in range(200)}, reached=7)
    first.close()
    for file in tmp_path.glob("*.sst"):
        body = file.read_bytes()
        file.write_bytes(bytes(20_000) + body[20_000:])
    second = Table(tmp_path)
    with pytest.raises(Exception, match="Corruption") as caught:
        second.get(3, b"a0")
    assert is_of_machine(caught.value)
    second.close()
    third = Table(tmp_path)
    assert (third.get(3, b"a0"), third.get(3, b"a99"), third.reached(3)) == (None, None, 0)
    third.close()


def test_a_damaged_index_does_not_end_early(tmp_path: Path) -> None:
    """Before, all sessions behind a spoiled block were never due: none of them was ever sealed."""
    first = Table(tmp_path, due)
    first.write(3, {random.Random(n).randbytes(40): b"10" for n in range(2_000)}, reached=7)
    first.close()
    for file in tmp_path.glob("*.sst"):
        body = file.read_bytes()
        file.write_bytes(body[:20_000] + bytes(1_000) + body[21_000:])
    second = Table(tmp_path, due)
    with pytest.raises(Exception, match="Corruption") as caught:
        list(second.due(3, 10))
    assert is_of_machine(caught.value)
    second.close()
    del caught  # its frames hold the place in the store, and with it the lock
    third = Table(tmp_path, due)
    assert third.reached(3) == 0
    third.close()


@pytest.mark.parametrize("kind", ["*.sst", "MANIFEST-*", "CURRENT"])
def test_a_copy_that_cannot_be_opened_is_made_anew(tmp_path: Path, kind: str) -> None:
    """Before, a worker that missed its manifest ended at every start."""
    first = Table(tmp_path)
    first.write(3, {b"a": b"10"}, reached=7)
    first.close()
    for file in tmp_path.glob(kind):
        file.unlink()
    second = Table(tmp_path)
    assert second.reached(3) == 0
    second.close()


def test_a_copy_that_another_has_open_is_left_alone(table: Table, tmp_path: Path) -> None:
    table.write(3, {b"a": b"10"}, reached=7)
    with pytest.raises(Exception, match="lock"):
        Table(tmp_path)
    assert table.get(3, b"a") == b"10"
