"""Chunks in any order of their numbers: what they cost, and that the timeline is the same."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.phone_events import ChunkUploaded
from schemas.ranges import Ranges, add, covers, missing, union
from schemas.session_rows import SessionListing
from streams.sessions.fold import shape
from streams.sessions.number_sets import (
    FEW,
    Packed,
    adding,
    count_of_ranges,
    holds,
    ranges_of,
)
from streams.store import Store
from tests.late_chunks import Trace, ended, sent
from tests.session_history import OWNER, RULES, SESSION, STARTED

MOST_CHUNKS = 2_000
TWELVE_HOURS_MS = 12 * 3_600_000
CRUMB_MS = 12


def every_second_first(number: int) -> list[int]:
    return [*range(0, number, 2), *range(1, number, 2)]


def chunks(order: Sequence[int], length_ms: int) -> list[ChunkUploaded]:
    return [
        sent(seq, at_ms, seq * length_ms, length_ms, sha256="0" * 64)
        for at_ms, seq in enumerate(order, 1)
    ]


def cost(events: Sequence[ChunkUploaded]) -> dict[str, int]:
    """Bytes of the rows that the fold writes, and of those of the directory, an event at a time."""
    held: dict[str, bytes] = {}
    written = 0
    told = 0
    for event in (STARTED, *events):
        store = Store(held.get)
        outputs = shape(RULES).run(store, event)
        written += sum(len(msgspec.json.encode(row)) for row in store.writes.values())
        rows = [row for _, row in outputs if isinstance(row, SessionListing)]
        told += sum(len(msgspec.json.encode(row)) for row in rows)
        store.write_to(held)
    return {"written": written // len(events), "told": told // len(events)}


@pytest.mark.parametrize("length_ms", [CRUMB_MS, TWELVE_HOURS_MS // 5_000])
def test_a_bad_order_costs_few_bytes_more_for_each_chunk(length_ms: int) -> None:
    """Before, 5,000 chunks of which every second came first were 300 MB."""
    straight = cost(chunks(range(MOST_CHUNKS), length_ms))
    bad = cost(chunks(every_second_first(MOST_CHUNKS), length_ms))
    assert bad["written"] <= straight["written"] + 2_500
    assert bad["told"] <= straight["told"] + 700


def test_more_gaps_cost_no_more_bytes_for_each_chunk() -> None:
    few, many = (cost(chunks(range(0, 2 * n, 2), CRUMB_MS)) for n in (300, 1_200))
    assert many["written"] <= few["written"] + 400
    assert many["told"] <= few["told"] + 400


def test_the_directory_has_every_chunk_in_the_end() -> None:
    order = every_second_first(400)
    trace = Trace().tell([STARTED, *chunks(order[:390], 5_000)])
    rows = [row for row in trace.out if isinstance(row, SessionListing)]
    assert 200 < len(rows) < 391
    trace.wait_until(390 + RULES.idle_ms + 1_000)
    [*_, row] = [row for row in trace.out if isinstance(row, SessionListing)]
    assert row.received == trace.session.received
    trace.tell([*chunks(order, 5_000)[390:], ended(RULES.idle_ms * 2, 400)])
    [*_, row] = [row for row in trace.out if isinstance(row, SessionListing)]
    assert (row.received, row.audio_ms) == (((0, 400),), 2_000_000)


@pytest.mark.parametrize("number", [-(10**18), -1, 10**18])
@pytest.mark.parametrize("chunks_before", [1, 200])
def test_a_number_that_no_session_has_changes_nothing(number: int, chunks_before: int) -> None:
    """A stage that held it as a bit would need all memory of the machine."""
    trace = Trace().tell([STARTED, *chunks(range(0, 2 * chunks_before, 2), CRUMB_MS)])
    before = trace.session
    trace.tell([sent(number, chunks_before, 0, CRUMB_MS)])
    assert trace.session == before
    trace.tell([ended(chunks_before, number)])
    assert (trace.session.expected, trace.session.sealed) == (number, number < 0)


SPANS = st.lists(
    st.tuples(
        st.sampled_from([0, 59_000, 59_700, 59_900, 60_000, 60_100, 60_251, 100_000, 119_999]),
        st.sampled_from([1, 100, 249, 700, 30_000, 60_000]),
    ),
    min_size=1,
    max_size=12,
)


@given(SPANS)
def test_gaps_are_those_of_the_whole_timeline_wherever_its_minutes_end(
    spans: Sequence[tuple[int, int]],
) -> None:
    came = [sent(seq, 1, start, length) for seq, (start, length) in enumerate(spans)]
    trace = Trace().tell([STARTED, *came, ended(2, len(came))])
    audio = union([(start, start + length) for start, length in spans], RULES.bridge_ms)
    total_ms = max(start + length for start, length in spans)
    assert trace.seals[0].gaps == missing(audio, 0, total_ms)


def test_a_session_that_a_former_version_wrote_keeps_its_audio() -> None:
    first, second, third = chunks(range(3), 30_000)
    trace = Trace().tell([STARTED, first])
    row = msgspec.json.decode(trace.table[SESSION])
    row |= {"received": [[0, 1]], "covered": [[0, 30_000]]}
    assert "untold" not in row
    trace.table[SESSION] = msgspec.json.encode(row)
    trace.table[f"{SESSION}/0"] = msgspec.json.encode({"numbers": [[0, 1]]})
    trace.tell([third, ended(third.occurred_at_ms, 3)])
    assert trace.session.owner == OWNER
    trace.wait_until(RULES.grace_ms + 2_000)
    assert trace.seals[0].gaps == ((30_000, 60_000),)
    trace.tell([msgspec.structs.replace(second, occurred_at_ms=RULES.grace_ms + 3_000)])
    assert trace.seals[-1].gaps == ()


@given(st.lists(st.integers(0, 400), max_size=300))
def test_a_set_of_numbers_is_the_same_in_both_ways_of_keeping_it(numbers: Sequence[int]) -> None:
    kept: Packed = ()
    ranges: Ranges = ()
    for number in numbers:
        kept = adding(kept, number)
        ranges = add(ranges, number, number + 1)
        assert isinstance(kept, str) == (len(ranges) > FEW)
    assert ranges_of(kept) == ranges
    assert count_of_ranges(kept) == len(ranges)
    ends = [0, 1, *numbers]
    assert all(holds(kept, 0, end) == covers(ranges, 0, end) for end in ends)
    assert all(holds(kept, end, end + 1) == covers(ranges, end, end + 1) for end in ends)
