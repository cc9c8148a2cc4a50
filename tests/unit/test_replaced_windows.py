"""A window that is announced anew is worked on once where a worker has both messages."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from adapters.kafka.fetched import Fetched
from adapters.kafka.publisher import outgoing
from consumers.runtime.lanes import Lanes
from schemas import stages, topics
from schemas.codec import encode
from schemas.fact_sheet import Topic
from schemas.session_events import State
from schemas.session_rows import SessionListing
from schemas.speech_events import BacklogWindowReady, WindowReady, WindowTranscribed
from schemas.word_events import SessionCounted, WordsCounted
from tests.golden import example_of
from tests.recorded_stack import Recording, ended_with_late_chunks

READS = stages.TRANSCRIBE.reads


def window(
    offset: int, key: bytes | None, topic: Topic = topics.WINDOW_READY, partition: int = 0
) -> Fetched:
    event = example_of(BacklogWindowReady if topic is topics.WINDOW_BACKLOG else WindowReady)
    return Fetched(topic.name, partition, offset, key, encode(event))


def taken(lanes: Lanes) -> list[int]:
    return [one.offset for one in lanes.take(99, lambda _: True)]


@pytest.mark.parametrize("topic", [topics.WINDOW_READY, topics.WINDOW_BACKLOG])
def test_the_newest_message_of_a_window_replaces_those_that_wait(topic: Topic) -> None:
    lanes = Lanes(READS)
    lanes.add([window(1, b"s:0", topic), window(2, b"s:1", topic), window(3, b"s:0", topic)])
    lanes.add([window(4, b"s:0", topic)])
    assert lanes.waiting == 2
    assert taken(lanes) == [2, 4]


def test_a_message_that_is_put_back_may_be_replaced_meanwhile() -> None:
    lanes = Lanes(READS)
    lanes.add([window(1, b"s:0"), window(2, b"s:1")])
    batch = lanes.take(2, lambda _: True)
    lanes.add([window(3, b"s:1")])
    lanes.put_back(batch)
    assert taken(lanes) == [1, 3]


def test_a_message_without_a_key_and_one_of_another_partition_replace_nothing() -> None:
    lanes = Lanes(READS)
    lanes.add([window(1, None), window(2, None), window(3, b"s:0")])
    lanes.add([window(4, b"s:0", partition=1), window(5, b"s:0", topics.WINDOW_BACKLOG)])
    assert taken(lanes) == [1, 2, 3, 4]
    assert taken(lanes) == [5]


@pytest.mark.parametrize("value", [b"no event", None])
def test_a_message_that_is_no_event_replaces_none_and_is_not_replaced(value: bytes | None) -> None:
    """Before, a window was left out because of a message that became a dead letter."""
    junk = [replace(window(offset, b"s:0"), value=value) for offset in (1, 4)]
    lanes = Lanes(READS)
    lanes.add([junk[0], window(2, b"s:0"), window(3, b"s:0"), junk[1]])
    assert taken(lanes) == [1, 3, 4]


@pytest.mark.parametrize("topic", [one for one in topics.ALL if not one.replaced_by])
def test_every_message_of_any_other_topic_counts(topic: Topic) -> None:
    lanes = Lanes([topic])
    lanes.add([window(1, b"s", topic), window(2, b"s", topic)])
    assert taken(lanes) == [1, 2]


class Key(bytes):
    """A key that knows how often keys were looked up."""

    looked_up = 0

    def __hash__(self) -> int:
        Key.looked_up += 1
        return super().__hash__()


@pytest.mark.parametrize("reads", [READS, stages.SINK.reads], ids=["transcribe", "sink"])
def test_messages_that_wait_are_not_looked_through_at_each_poll(reads: Sequence[Topic]) -> None:
    """A loop polls fifty times a second, and thousands may wait for the sink."""
    Key.looked_up = 0
    lanes = Lanes(reads)
    lanes.add([window(n, Key(b"s"), reads[0]) for n in range(9)])
    before = Key.looked_up
    lanes.add([])
    assert Key.looked_up == before
    if not any(topic.replaced_by for topic in reads):
        assert before == 0


def amended(on: Recording) -> Recording:
    """Late chunks come twice before any model begins; then the models work on what they have."""
    on.wait(topics.WINDOW_READY, topics.WINDOW_BACKLOG)
    on.phone.start()
    on.phone.chunk(0)
    return ended_with_late_chunks(on)


class Newest(Recording):
    """A recording whose models leave out what a newer message replaces."""

    def go_on(self) -> None:
        newest = {outgoing(*sent).key: sent for sent in self._waiting}
        self._waiting = list(newest.values())
        super().go_on()


def test_a_session_ends_and_has_the_same_counts_without_the_windows_that_are_left_out() -> None:
    everything = amended(Recording())
    newest = amended(Newest())
    left_out = len(everything.said(WindowTranscribed)) - len(newest.said(WindowTranscribed))
    assert left_out >= 4
    for on in (everything, newest):
        assert on.said(SessionListing)[-1].state is State.READY
        assert on.said(SessionCounted)[-1].generation == 3
    assert newest.said(SessionCounted)[-1] == everything.said(SessionCounted)[-1]
    assert of_the_end(newest) == of_the_end(everything)


def of_the_end(on: Recording) -> list[WordsCounted]:
    """The counts of the last generation, by window."""
    found = [one for one in on.said(WordsCounted) if one.generation == 3]
    return sorted(found, key=lambda one: one.window)
