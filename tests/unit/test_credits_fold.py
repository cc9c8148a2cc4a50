"""Credits are always the words of the claimed speakers, in any order, repeated or not."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.claim_events import ClaimRejected
from schemas.event import Event
from schemas.ids import EventId
from schemas.session_events import SessionErased
from schemas.word_events import SessionCounted, VoiceCredited, WordsCredited
from streams.answers import KEPT
from streams.credits.fold import fold
from tests import folding
from tests.credit_history import (
    COUNTS,
    DAY,
    SAID,
    SESSION,
    WINDOWS,
    claim,
    counted,
    decided,
    forget,
    generation,
    identified,
    release,
    run,
    sealed,
    truth,
    voices,
)


@given(st.permutations(COUNTS), st.data())
def test_the_order_of_the_counts_and_repeats_change_nothing(
    order: list[Event], data: st.DataObject
) -> None:
    repeats = data.draw(st.lists(st.sampled_from(COUNTS), max_size=5))
    out = run(
        [*order, *repeats, claim("r1", "S1", "mei"), *repeats, claim("r2", "S2", "raj"), *repeats]
    )
    assert truth(out) == {"mei": SAID["S1"], "raj": SAID["S2"]}
    totals = [event for event in out if isinstance(event, SessionCounted)][-1]
    assert {s.label: Counter(s.words) for s in totals.speakers} == SAID


def test_a_maybe_is_in_no_total() -> None:
    event = counted(0)
    doubtful = tuple(replace(row, ordinal=90, word="tahan", maybe=True) for row in event.rows)
    with_maybes = replace(event, rows=event.rows + doubtful)
    out = run([*COUNTS[:2], with_maybes, *COUNTS[3:], claim("r1", "S1", "mei")])
    assert truth(out) == {"mei": SAID["S1"]}
    totals = [event for event in out if isinstance(event, SessionCounted)][-1]
    assert {s.label: Counter(s.words) for s in totals.speakers} == SAID


def test_a_new_generation_flows_to_the_owner() -> None:
    out = run([*COUNTS, claim("r1", "S2", "mei"), *generation(2)])
    assert truth(out) == {"mei": SAID["S2"]}
    versions = [event.credit_version for event in out if isinstance(event, WordsCredited)]
    assert all(a < b for a, b in pairwise(versions))


def test_a_speaker_that_a_new_generation_no_longer_has_is_credited_nothing() -> None:
    newer = generation(2, ("S1",))
    assert truth(run([*COUNTS, claim("r1", "S2", "mei"), *newer])) == {}


def test_everyone_at_the_table_is_told_who_came_and_who_left() -> None:
    both: list[Event] = [*COUNTS, claim("r1", "S1", "mei"), claim("r2", "S2", "raj")]
    told = voices(run(both))
    assert {
        who: (voice.company, voice.time_zone, voice.audio_ms, voice.talk_ms)
        for who, voice in told.items()
    } == {
        ("mei", "S1"): (("raj",), "Asia/Singapore", 60_000, 9_000),
        ("raj", "S2"): (("mei",), "Asia/Singapore", 60_000, 9_000),
    }
    left = voices(run([*both, release("r3", "S2", "raj")]))
    assert left["mei", "S1"].company == ()
    gone = left["raj", "S2"]
    assert (
        gone.moments,
        gone.spoken,
        gone.talk_ms,
        gone.company,
        gone.time_zone,
        gone.audio_ms,
    ) == (
        {},
        {DAY: 0},
        0,
        (),
        "",
        0,
    )


def test_a_claim_in_the_middle_of_a_recount_gets_the_words_that_are_shown() -> None:
    begun: list[Event] = [sealed(2), identified(2), replace(counted(0, 2), rows=())]
    out = run([*COUNTS, *begun, claim("r1", "S1", "mei")])
    assert truth(out) == {"mei": SAID["S1"]}
    assert {
        word: len(said) for word, said in voices(out)["mei", "S1"].moments[DAY].items()
    } == SAID["S1"]
    done = run([*COUNTS, *begun, claim("r1", "S1", "mei"), counted(1, 2), counted(2, 2)])
    assert voices(done)["mei", "S1"].moments == {DAY: {"can": (1,)}}


def test_whoever_talked_without_a_recognised_word_talked_all_the_same() -> None:
    unheard = [replace(counted(n), rows=(), spoken={}) for n in range(len(WINDOWS))]
    sent = run([sealed(), identified(), *unheard, claim("c", "S1", "mei")])
    [words] = [event for event in sent if isinstance(event, WordsCredited)]
    assert (words.days, words.spoken, words.talk_ms) == ({DAY: {}}, {DAY: 0}, 9_000)
    [voice] = [event for event in sent if isinstance(event, VoiceCredited)]
    assert (voice.spoken, voice.talk_ms) == ({DAY: 0}, 9_000)


def test_an_erased_session_is_credited_to_nobody_and_forgotten() -> None:
    erased = SessionErased(
        caused_by=EventId("x"),
        occurred_at_ms=9,
        session_id=SESSION,
        request_id="x",
        recorded_at_ms=0,
        audio_ms=60_000,
    )
    before = [*COUNTS, claim("a", "S1", "ann")]
    out = run(
        [
            *before,
            erased,
            claim("b", "S2", "beng"),
            *generation(2),
            erased,
        ]
    )[len(run(before)) :]
    assert [event.reason for event in decided(out) if isinstance(event, ClaimRejected)] == [
        "erased"
    ]
    assert len(decided(out)) == 1
    assert out == decided(out)


def test_counts_of_the_next_generation_are_no_part_of_the_totals_of_this_one() -> None:
    everything = [counted(window) for window in range(len(WINDOWS))]
    events: list[Event] = [sealed(), *everything, counted(0, generation=2), identified()]
    assert [sent for sent in run(events) if isinstance(sent, SessionCounted)] == []


def test_a_user_who_lost_the_speaker_leaves_the_table() -> None:
    table: dict[str, bytes] = {}
    events = [*COUNTS, claim("r1", "S1", "mei"), release("r2", "S1", "mei")]
    folding.run(fold, [*events, forget("mei")], table)
    assert not [body for body in table.values() if b"mei" in body]


def test_the_table_of_a_session_does_not_grow_with_its_claims_and_generations() -> None:
    def size(generations: int) -> int:
        table: dict[str, bytes] = {}
        folding.run(fold, history(generations), table)
        return sum(map(len, table.values()))

    assert size(3 * KEPT) - size(2 * KEPT) < 100


def history(generations: int) -> list[Event]:
    events: list[Event] = []
    for n in range(1, generations + 1):
        events += [sealed(n), identified(n), *(counted(window, n) for window in range(3))]
        events += [claim(f"c{n:04}", "S1", f"user-{n:04}"), release(f"r{n:04}", "S1", "owner")]
    return events
