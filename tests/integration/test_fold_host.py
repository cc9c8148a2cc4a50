"""The host of a fold on a real broker: stale members, open transactions, tables that go on."""

from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest
from confluent_kafka import Producer, TopicPartition

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.changelog import Restoration
from adapters.kafka.publisher import KafkaPublisher, Outgoing
from adapters.kafka.transaction import MOST_FENCED, WHOSE
from adapters.kafka.transactional_calls import FencedError, StaleMemberError
from adapters.settings import Settings
from adapters.table import Table
from deploy.waiting import until
from schemas import stages
from schemas.topics import DECIDED
from tests.integration.brokers import broker
from tests.integration.fold_members import (
    AHEAD,
    CHANGELOG,
    CONTINUED,
    EMPTY,
    FENCED,
    HANDED_ON,
    OPENED,
    Member,
    begun,
    change,
    committed,
    decision,
    request,
    restored,
    transactions,
    values,
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """One broker. Each test has a partition of its own."""
    with broker(tmp_path_factory.mktemp("broker")) as up:
        yield up.settings


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    opened = Table(tmp_path / "table")
    yield opened
    opened.close()


def test_a_member_that_lost_its_partitions_writes_nothing_and_the_next_one_goes_on(
    settings: Settings, tmp_path: Path
) -> None:
    publisher = KafkaPublisher(settings.kafka, timeout_s=60)
    publisher.publish([request("one"), request("two")])
    late = Member(settings, tmp_path / "late")
    late_batch = late.batch()
    late.intake.close()  # for the group it is gone; its batch is still in its hands
    heir = Member(settings, tmp_path / "heir")
    heir_batch = heir.batch()
    assert values([*heir_batch.messages]) == ["one", "two"]
    heir.commit(heir_batch, decision("heir's"), change(HANDED_ON, "newer"))
    with pytest.raises(StaleMemberError):
        late.commit(late_batch, decision("late"), change(HANDED_ON, "older"))
    assert late.table.get(HANDED_ON, b"g") is None
    late.table.close()
    assert committed(settings) == ["heir's"]
    heir.close()
    third = Member(settings, tmp_path / "third")
    publisher.publish([request("three")])
    last_batch = third.batch()
    assert values([*last_batch.messages]) == ["three"]
    assert third.table.get(HANDED_ON, b"g") == b"newer"
    third.commit(last_batch, change(HANDED_ON, "last"))
    third.close()


def test_a_member_waits_for_the_offsets_that_its_predecessor_has_sent_and_sees_the_whole_batch(
    settings: Settings, tmp_path: Path
) -> None:
    """The predecessor pauses when its offsets are sent and its records are not, and goes on."""
    publisher = KafkaPublisher(settings.kafka, timeout_s=60)
    publisher.publish([request("settling")])
    former = Member(settings, tmp_path / "former")
    batch = former.batch()
    last = batch.messages[-1]
    paused = Producer({"bootstrap.servers": settings.kafka, "transactional.id": "paused"})
    paused.init_transactions()
    paused.begin_transaction()
    place = TopicPartition(last.topic, last.partition, last.offset + 1)
    paused.send_offsets_to_transaction([place], batch.group)
    former.close()
    heir = Member(settings, tmp_path / "heir")

    def go_on() -> None:
        paused.produce(CHANGELOG, b"settled", key=b"late", partition=HANDED_ON)
        paused.commit_transaction()

    committing = Timer(2, go_on)
    committing.start()
    until(lambda: (heir.intake.take(), heir.intake.owned)[1], lambda n: HANDED_ON in n, 30, 0)
    assert not committing.is_alive()
    assert heir.table.get(HANDED_ON, b"late") == b"settled"
    publisher.publish([request("next")])
    following = heir.batch()
    assert values([*following.messages]) == ["next"]
    heir.commit(following, change(HANDED_ON, "next", "after"))
    heir.close()


def test_a_recovery_waits_for_an_open_transaction_and_misses_nothing_behind_it(
    settings: Settings, table: Table
) -> None:
    open_one = Producer({"bootstrap.servers": settings.kafka, "transactional.id": "open"})
    open_one.init_transactions()
    open_one.begin_transaction()
    open_one.produce(CHANGELOG, b"never", key=b"g", partition=OPENED)
    open_one.flush()
    member = transactions(settings)
    member.commit([change(OPENED, "kept", "behind")], {}, None)
    restoration = Restoration(settings.kafka, CHANGELOG, table)
    assert begun(restoration, OPENED, EMPTY) == {EMPTY}
    for _ in range(10):
        restoration.step(0.1)
    assert [*restoration.partitions] == [OPENED]
    open_one.abort_transaction()
    restored(restoration)
    assert list(table.items(OPENED)) == [(b"behind", b"kept")]
    restoration.stop()


def test_a_table_goes_on_from_where_it_was(settings: Settings, table: Table) -> None:
    member = transactions(settings)
    member.commit([change(CONTINUED, "1", "a"), change(CONTINUED, "1", "b")], {}, None)
    restoration = Restoration(settings.kafka, CHANGELOG, table)
    begun(restoration, CONTINUED)
    restored(restoration)
    reached = table.reached(CONTINUED)
    member.commit(
        [change(CONTINUED, "2", "a"), change(CONTINUED, "", "b"), change(CONTINUED, "3", "c")],
        {},
        None,
    )
    assert begun(restoration, CONTINUED) == set()
    assert restoration.records_left <= 4  # three records and the marker, not those before
    restored(restoration)
    assert list(table.items(CONTINUED)) == [(b"a", b"2"), (b"c", b"3")]
    assert table.reached(CONTINUED) > reached
    assert begun(restoration, CONTINUED) == {CONTINUED}
    restoration.stop()


def test_a_copy_that_is_ahead_of_its_changelog_begins_again(
    settings: Settings, table: Table
) -> None:
    table.write(AHEAD, {b"g": b"of another broker"}, reached=1_000)
    restoration = Restoration(settings.kafka, CHANGELOG, table)
    assert begun(restoration, AHEAD) == {AHEAD}
    assert list(table.items(AHEAD)) == []
    restoration.stop()


def test_a_producer_that_the_broker_gave_up_takes_its_id_back(settings: Settings) -> None:
    former = transactions(settings, "one id")
    former.commit([change(FENCED, "1")], {}, None)
    transactions(settings, "one id")  # as a time-out of the broker: the next call is fenced
    assert former.commit([change(FENCED, "2")], {}, None).keys() == {(CHANGELOG, FENCED)}
    former.commit([change(FENCED, "3")], {}, None)


def test_a_commit_says_whose_it_is(settings: Settings, tmp_path: Path) -> None:
    """A producer that was fenced in a commit finds out whether that commit was carried out."""
    publisher = KafkaPublisher(settings.kafka, timeout_s=60)
    publisher.publish([request("whose")])
    member = Member(settings, tmp_path / "table")
    batch = member.batch()
    member.commit(batch, change(HANDED_ON, "whose", "whose"))
    place = batch.messages[-1].place
    assert (
        AskedOffsets(settings.kafka).metadata(stages.GROUPS.group, [place])[place].startswith(WHOSE)
    )
    member.close()
    publisher.close()


def test_a_batch_that_is_in_hand_when_the_process_is_to_end_is_committed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No attempt was made: a window was transcribed, and then once more after the start."""
    ours = transactions(settings)
    monkeypatch.setattr("adapters.kafka.transaction.is_stopping", lambda: True)
    message = Outgoing(DECIDED.name, b"g", b"at the end", partition=EMPTY)
    assert ours.commit([message], {}, None) == {(DECIDED.name, EMPTY): 1}
    ours.close()


def test_of_two_processes_with_one_id_one_ends(settings: Settings) -> None:
    former = transactions(settings, "two processes")
    latter = transactions(settings, "two processes")

    def both_go_on() -> None:
        for number in range(MOST_FENCED + 1):
            former.commit([change(FENCED, str(number))], {}, None)
            latter.commit([change(FENCED, str(number))], {}, None)

    with pytest.raises(FencedError):
        both_go_on()
