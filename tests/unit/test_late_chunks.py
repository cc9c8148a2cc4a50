"""The cost of a phone that is slow, silent or sends crumbs, and that nothing of it is lost."""

from collections.abc import Sequence
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.phone_events import ChunkUploaded
from schemas.session_events import Cause, State
from schemas.session_requests import HintRequested
from schemas.speech_events import ChunkRef
from streams.sessions.fold import shape
from streams.sessions.recorded import bucket_key
from streams.store import Store
from tests.late_chunks import CRUMB_MS, SPAN_MS, Trace, ended, sent, straight
from tests.session_history import HINT, RULES, SESSION, STARTED

PHONES_MS = 5_000
"""The length of a chunk of a phone, and the time between two of them."""
MOST_WAIT_MS = RULES.idle_ms
SILENT_MS = 700_000


def crumbs(seed: int, every_ms: int) -> list[ChunkUploaded]:
    """The last chunk comes first, then crumbs of all that lies before it, in any order."""
    starts = list(range(0, SPAN_MS, CRUMB_MS))
    Random(seed).shuffle(starts)
    last = sent(0, 1, SPAN_MS, CRUMB_MS)
    return [last, *(sent(n, n * every_ms, at, CRUMB_MS) for n, at in enumerate(starts, 1))]


def test_crumbs_of_a_window_do_not_send_it_again_for_each() -> None:
    """Before, 2,500 crumbs in eight minutes were 2,952 windows for each model."""
    late = crumbs(seed=1, every_ms=200)[:2_501]
    trace = Trace().tell([STARTED, *late])
    minutes = late[-1].occurred_at_ms // RULES.gap_wait_ms + 1
    assert max(trace.announced.values()) <= minutes + 1
    assert trace.announced.total() <= 120


def test_crumbs_after_the_seal_open_no_generation_each() -> None:
    late = crumbs(seed=1, every_ms=200)[:1_001]
    trace = Trace().tell([STARTED, late[0], ended(2, len(late))])
    trace.wait_until(RULES.grace_ms + 2_000)
    assert trace.causes == [Cause.SEALED]
    after = [sent(one.seq, one.occurred_at_ms + 40_000, one.start_ms, CRUMB_MS) for one in late[1:]]
    trace.tell(after)
    minutes = (after[-1].occurred_at_ms - after[0].occurred_at_ms) // RULES.gap_wait_ms + 1
    assert len(trace.seals) <= 1 + minutes + 1
    assert trace.session.received == ((0, len(late)),)
    assert trace.newest == straight(late).newest


def hint(at_ms: int, speakers: int) -> HintRequested:
    return replace(HINT, occurred_at_ms=at_ms, speakers=speakers, event_id="")


def silent_phone(chunks: int) -> list[ChunkUploaded]:
    """A minute, then nothing for so long that the session is sealed, then chunk after chunk."""
    first = [sent(n, (n + 1) * PHONES_MS, n * PHONES_MS, PHONES_MS) for n in range(12)]
    since_ms = 60_000 + SILENT_MS
    later = [
        sent(12 + n, since_ms + (n + 1) * PHONES_MS, since_ms + n * PHONES_MS, PHONES_MS)
        for n in range(chunks)
    ]
    return [*first, *later]


def test_a_phone_that_was_silent_opens_no_generation_for_each_chunk() -> None:
    """Before, 360 chunks of half an hour were 361 generations."""
    talk = silent_phone(360)
    trace = Trace().tell([STARTED, *talk])
    assert len(trace.seals) <= 14
    assert trace.announced.total() <= len(trace.session.revisions) + 3 * len(trace.seals)
    trace.tell([ended(talk[-1].occurred_at_ms + 1, len(talk))])
    assert trace.newest == straight(talk).newest
    assert trace.timeline == straight(talk).timeline


def test_the_end_of_a_phone_that_was_silent_is_not_waited_for() -> None:
    talk = silent_phone(20)
    trace = Trace().tell([STARTED, *talk])
    assert trace.session.has_late
    before = len(trace.seals)
    trace.tell([ended(talk[-1].occurred_at_ms + 1, len(talk))])
    assert trace.causes[before:] == [Cause.LATE_CHUNK]
    assert not trace.session.has_late


def test_the_last_chunk_that_the_phone_made_is_not_waited_with() -> None:
    talk = silent_phone(0)
    *most, last = talk
    over_ms = last.occurred_at_ms
    trace = Trace().tell([STARTED, *most[:9], ended(over_ms, len(talk))])
    trace.wait_until(over_ms + RULES.grace_ms + 1_000)
    late = [sent(one.seq, over_ms + 40_000, one.start_ms, PHONES_MS) for one in (*most[9:], last)]
    trace.tell(late)
    assert trace.causes == [Cause.SEALED, Cause.LATE_CHUNK, Cause.LATE_CHUNK]
    assert trace.newest == straight(talk).newest


def test_a_lone_late_chunk_is_worked_on_at_once() -> None:
    talk = silent_phone(1)
    trace = Trace().tell([STARTED, *talk])
    assert trace.causes == [Cause.SEALED, Cause.LATE_CHUNK]
    assert trace.seals[-1].occurred_at_ms == talk[-1].occurred_at_ms


def test_a_session_with_chunks_that_wait_is_not_final_and_waits_for_a_bounded_time() -> None:
    talk = silent_phone(3)
    trace = Trace().tell([STARTED, *talk])
    assert (trace.session.state, trace.session.has_late) == (State.PROCESSING, True)
    before = len(trace.seals)
    trace.wait_until(talk[-1].occurred_at_ms + MOST_WAIT_MS + 1_000)
    assert trace.causes[before:] == [Cause.LATE_CHUNK]
    assert trace.timeline == (39, talk[-1].start_ms + PHONES_MS, ((60_000, 60_000 + SILENT_MS),))


def test_a_long_talk_is_counted_again_less_often() -> None:
    """Each generation counts all of it: per minute of a talk, that must not grow with the talk."""
    talk = silent_phone(2_400)
    trace = Trace().tell([STARTED, *talk])
    hours = [one.occurred_at_ms // 3_600_000 for one in trace.seals]
    assert hours.count(1) <= 12
    assert hours.count(2) <= hours.count(1)


def test_a_hint_joins_the_late_chunks_that_wait() -> None:
    talk = silent_phone(3)
    last_ms = talk[-1].occurred_at_ms
    trace = Trace().tell([STARTED, *talk, hint(last_ms, 4)])
    before = len(trace.seals)
    trace.wait_until(last_ms + MOST_WAIT_MS)
    assert [(one.cause, one.hint) for one in trace.seals[before:]] == [(Cause.LATE_CHUNK, 4)]


def test_a_hint_while_the_phone_records_waits_for_the_first_generation() -> None:
    late = crumbs(seed=1, every_ms=200)[:20]
    trace = Trace().tell([STARTED, *late, hint(late[-1].occurred_at_ms, 4)])
    assert trace.session.has_late
    trace.wait_until(2 * RULES.idle_ms)
    assert [(one.generation, one.cause, one.hint) for one in trace.seals] == [(1, Cause.SEALED, 4)]


ARRIVALS = st.lists(
    st.tuples(
        st.sampled_from([0, 100, 5_000, 20_000, 70_000, 650_000]),
        st.sampled_from([*range(0, 120_000, 10_000), 200_000, 300_050]),
        st.sampled_from([100, 10_000, 30_000]),
    ),
    min_size=1,
    max_size=20,
)


def arriving(arrivals: Sequence[tuple[int, int, int]]) -> list[ChunkUploaded]:
    """Chunks, each so long after the one before it."""
    chunks: list[ChunkUploaded] = []
    now_ms = 1
    for seq, (pause_ms, start_ms, duration_ms) in enumerate(arrivals):
        now_ms += pause_ms
        chunks.append(sent(seq, now_ms, start_ms, duration_ms))
    return chunks


@settings(max_examples=150)
@given(ARRIVALS, st.none() | st.integers(0, 22))
def test_whatever_comes_when_the_end_is_that_of_a_phone_that_is_never_late(
    arrivals: Sequence[tuple[int, int, int]], end: int | None
) -> None:
    chunks = arriving(arrivals)
    trace = Trace().tell([STARTED])
    for n, chunk in enumerate(chunks):
        if n == end:
            trace.tell([ended(trace.read[-1].occurred_at_ms, len(chunks))])
        trace.tell([chunk])
    last_ms = chunks[-1].occurred_at_ms
    trace.wait_until(last_ms + RULES.idle_ms + MOST_WAIT_MS + 2_000)
    known = straight(chunks)
    assert trace.newest == known.newest
    assert trace.timeline == known.timeline
    minutes = last_ms // RULES.gap_wait_ms + 1
    assert len(trace.seals) <= minutes + 3
    assert max(trace.announced.values()) <= minutes + 4
    assert not trace.session.has_late


@pytest.mark.parametrize("chunks", [1, 5, 40])
def test_the_fold_that_begins_again_comes_to_the_same_state(chunks: int) -> None:
    """A worker that died reads its messages again, ticks too."""
    trace = Trace().tell([STARTED, *silent_phone(chunks)])
    again = Trace()
    for event in trace.read:
        again._read(event)
    assert again.table == trace.table
    assert again.out == trace.out


def written_by(chunks: Sequence[ChunkUploaded]) -> int:
    """Bytes of all rows that the fold writes, a message at a time."""
    held: dict[str, bytes] = {}
    written = 0
    for event in (STARTED, *chunks):
        store = Store(held.get)
        shape(RULES).run(store, event)
        written += sum(len(msgspec.json.encode(row)) for row in store.writes.values())
        store.write_to(held)
    return written


def test_a_chunk_costs_the_same_bytes_however_many_are_in_its_minute() -> None:
    """Before, the references of all chunks of the minute were written with each of them."""
    few, many = (
        written_by([sent(n, n, n * 12, 12, sha256="0" * 64) for n in range(number)])
        for number in (200, 1_600)
    )
    assert many <= 10 * few


def test_a_minute_that_a_former_version_wrote_keeps_its_chunks() -> None:
    first, second = silent_phone(0)[:2]
    trace = Trace().tell([STARTED, first])
    former = ChunkRef(seq=0, sha256="0", start_ms=0, duration_ms=PHONES_MS)
    trace.table[bucket_key(SESSION, 0)] = msgspec.json.encode({"chunks": [former]})
    trace.tell([second, ended(second.occurred_at_ms, 2)])
    assert [one.seq for one in trace.windows[0].chunks] == [0, 1]
