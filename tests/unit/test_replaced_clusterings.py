"""A clustering is left out when the worker has the request of a newer generation."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.kafka.fetched import Fetched
from consumers.runtime.lanes import Lanes
from schemas import stages, topics
from schemas.codec import encode
from schemas.event import Event
from schemas.session_events import State
from schemas.session_rows import SessionListing
from schemas.speech_events import (
    ProvisionalVoicesComplete,
    SpeakersIdentified,
    VoicesComplete,
    WindowReady,
)
from schemas.word_events import SessionCounted
from tests.golden import example_of
from tests.recorded_stack import Recording, ended_with_late_chunks


def of_generation(number: int) -> VoicesComplete:
    return replace(example_of(VoicesComplete), generation=number, event_id="")


def taken(*events: Event, key: bytes = b"s") -> list[int]:
    """The places of those that are worked on, when all are there."""
    lanes = Lanes(stages.CLUSTER.reads)
    for offset, event in enumerate(events):
        lanes.add([Fetched(topics.VOICES_COMPLETE.name, 0, offset, key, encode(event))])
    return [one.offset for one in lanes.take(99, lambda _: True)]


def test_the_newest_generation_replaces_those_that_wait() -> None:
    assert taken(of_generation(1), of_generation(2), of_generation(3)) == [2]
    assert taken(of_generation(2), of_generation(2)) == [1]


def test_a_former_generation_that_comes_again_does_not_replace_the_newest() -> None:
    """As a dead letter that is sent back does. It is answered, and nobody waits for the answer."""
    assert taken(of_generation(3), of_generation(2)) == [0, 1]
    assert taken(of_generation(3), of_generation(1), of_generation(2)) == [0, 2]


def test_a_window_that_is_sent_back_does_not_replace_its_newer_revision() -> None:
    """Before, the newer one was left out, and asked for again after minutes."""
    lanes = Lanes(stages.TRANSCRIBE.reads)
    for offset, revision in enumerate((3, 2)):
        event = replace(example_of(WindowReady), revision=revision, event_id="")
        lanes.add([Fetched(topics.WINDOW_READY.name, 0, offset, b"s:0", encode(event))])
    assert [one.offset for one in lanes.take(99, lambda _: True)] == [0, 1]


def test_provisional_clusterings_wait_for_no_newer_one_and_end_with_the_session() -> None:
    """A session that goes on asks again and again: its request would never have its turn."""
    asked = example_of(ProvisionalVoicesComplete)
    later = replace(asked, through=asked.through + 2, event_id="")
    assert taken(asked, later) == [0, 1]
    assert taken(asked, later, of_generation(1)) == [2]
    assert taken(of_generation(1), asked) == [0, 1]


ASKED = st.tuples(
    st.sampled_from([b"s", b"t"]),
    st.none() | st.integers(1, 4),
    st.booleans(),
)
"""Session, generation or a provisional request, and whether the worker takes one before it."""


@given(st.lists(ASKED, max_size=20))
def test_whatever_comes_the_highest_of_each_session_is_worked_on(
    asked: list[tuple[bytes, int | None, bool]],
) -> None:
    lanes = Lanes(stages.CLUSTER.reads)
    worked_on: list[int] = []
    for offset, (key, generation, is_taken) in enumerate(asked):
        if is_taken:
            worked_on += [one.offset for one in lanes.take(1, lambda _: True)]
        event = of_generation(generation) if generation else example_of(ProvisionalVoicesComplete)
        lanes.add([Fetched(topics.VOICES_COMPLETE.name, 0, offset, key, encode(event))])
    worked_on += [one.offset for one in lanes.take(99, lambda _: True)]
    assert worked_on == sorted(set(worked_on))
    for offset in set(range(len(asked))) - set(worked_on):
        key, generation, _ = asked[offset]
        later = [asked[other] for other in worked_on if other > offset]
        numbers = [number for of, number, _ in later if of == key and number]
        assert max(numbers, default=0) >= (generation or 1)


def with_late_chunks(on: Recording) -> Recording:
    """Two generations are ready for clustering before the worker begins with the first."""
    on.phone.start()
    on.phone.chunk(0)
    on.wait(topics.VOICES_COMPLETE)
    return ended_with_late_chunks(on)


class Newest(Recording):
    """A recording whose `cluster` takes what its lanes give it."""

    def go_on(self) -> None:
        kept = taken(*(event for _, event in self._waiting))
        self._waiting = [self._waiting[place] for place in kept]
        super().go_on()


def test_a_session_ends_and_has_the_same_counts_without_those_that_are_left_out() -> None:
    everything = with_late_chunks(Recording())
    newest = with_late_chunks(Newest())
    assert len(everything.said(SpeakersIdentified)) >= 2
    assert len(newest.said(SpeakersIdentified)) == 1
    for on in (everything, newest):
        assert on.said(SessionListing)[-1].state is State.READY
    last = newest.said(SessionCounted)[-1]
    assert replace(last, totals_version=1, event_id="") == replace(
        everything.said(SessionCounted)[-1], totals_version=1, event_id=""
    )
