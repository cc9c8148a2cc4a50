"""Words of a long talk get their speakers in slices: nobody waits long behind it."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import stages, topics
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.object_kinds import ATTRIBUTED_WORDS, kind_of
from schemas.session_events import Cause, SessionSealed, State
from schemas.session_requests import HintRequested
from schemas.word_events import SliceAttributed, WordsAttributed
from streams.attribution.state import SLICE
from streams.fold import Fold, Outputs
from tests.guide.phone import OWNER
from tests.lossy_stack import TICK_MS, Losses, Lossy
from tests.recorded_sessions import counted, made_once
from tests.recorded_stack import Recording, Sent
from tests.unit.test_interleavings import check, read

CHUNKS = 95
"""Of thirty seconds: three slices, the last of which is not whole."""


def long() -> Recording:
    """A talk of 48 minutes that people say something of at its end."""
    on = counted(CHUNKS)
    on.ask(HintRequested, by=OWNER, speakers=2)
    return on


@cache
def windows() -> int:
    """Of the talk."""
    return len(made_once(long).said(SessionSealed)[-1].windows)


def attributed(generation: int) -> list[int]:
    said = made_once(long).said(WordsAttributed)
    return [one.window for one in said if one.generation == generation]


@pytest.mark.parametrize("generation", [1, 2])
def test_every_window_has_its_turn_once_and_in_order(generation: int) -> None:
    assert 2 * SLICE < windows() < 3 * SLICE
    assert attributed(generation) == list(range(windows()))
    slices = [one for one in made_once(long).said(SliceAttributed) if one.generation == generation]
    assert [one.through for one in slices] == [SLICE, 2 * SLICE]


def test_no_event_asks_for_more_objects_than_those_of_a_slice() -> None:
    """Before, all windows of a generation were one event."""

    class Counting(Recording):
        most = 0

        def _folded(self, fold: Fold, event: Event) -> Outputs:
            before = len(self.blobs.written)
            said = super()._folded(fold, event)
            written = self.blobs.written[before:]
            number = sum(kind_of(key) is ATTRIBUTED_WORDS for key in written)
            self.most = max(self.most, number)
            return said

    on = Counting()
    on.phone.start()
    for seq in range(CHUNKS):
        on.phone.chunk(seq)
    on.phone.stop(CHUNKS)
    assert on.most == SLICE


@settings(max_examples=6, derandomize=True, deadline=None)
@given(data=st.data())
def test_any_order_of_the_topics_gives_the_same_end(data: st.DataObject) -> None:
    known = read(long, stages.ATTRIBUTION.name)
    check(known, known.interleaved(data.draw(st.permutations(known.labels))))


def test_slices_may_be_read_before_all_else_and_after_it() -> None:
    known = read(long, stages.ATTRIBUTION.name)
    place = stages.ATTRIBUTION.reads.index(topics.SLICES)
    slices = [label for label in known.labels if label == place]
    others = [label for label in known.labels if label != place]
    assert len(slices) == 4
    check(known, known.interleaved([*slices, *others]))
    check(known, known.interleaved([*others, *slices]))


@pytest.mark.parametrize("lost", [1, 2])
def test_a_slice_that_is_lost_is_asked_for_again(lost: int) -> None:
    class Losing(Lossy):
        left = lost

        def _read(self, topic: Topic, event: Event) -> list[Sent]:
            said = super()._read(topic, event)
            return [sent for sent in said if not self._is_lost_slice(sent[1])]

        def _is_lost_slice(self, event: Event) -> bool:
            if not isinstance(event, SliceAttributed) or not self.left:
                return False
            self.left -= 1
            return True

    on = Losing(Losses())
    on.phone.start()
    for seq in range(CHUNKS):
        on.phone.chunk(seq)
    on.phone.stop(CHUNKS)
    on.wait_until_final(120 * TICK_MS)
    assert on.state is State.READY
    assert [seal.cause for seal in on.said(SessionSealed)] == [Cause.SEALED] + [Cause.RETRY] * lost
