"""The owner of a voice says of one count whether it was said. That outlives every recount."""

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.claim_events import ClaimRejected, CountJudged, Verdict
from schemas.event import Event
from schemas.ids import SpeakerLabel
from schemas.word_events import SessionCounted, VoiceCredited, WordsCounted
from streams.credits.count_pairs import NEAR_MS
from streams.credits.counts import Moments, WindowCounts
from streams.credits.state import Judged
from streams.credits.verdicts import applied
from tests.credit_history import (
    DAY,
    OWNER,
    claim,
    constrained,
    forget,
    identified,
    release,
    run,
    truth,
)
from tests.verdict_history import (
    LAHS,
    MAYBE_MS,
    MEI,
    judged,
    row,
    totals,
    verdict,
    with_rows,
    words,
)


def reason(*events: Event) -> str:
    answer = run([*MEI, *events])[-1]
    assert isinstance(answer, ClaimRejected)
    return answer.reason


def test_a_struck_count_leaves_the_totals_and_the_credits_at_once() -> None:
    sent = run([*MEI, verdict("v", LAHS[1])])
    assert totals(sent) == {"lah": 2}
    assert truth(sent) == {"mei": Counter(lah=2)}
    voice = [event for event in sent if isinstance(event, VoiceCredited)][-1]
    assert voice.moments == {DAY: {"lah": (LAHS[0], LAHS[2])}}
    assert judged(sent) == {("S1", "lah", LAHS[1]): Verdict.STRUCK}


def test_a_maybe_counts_when_its_owner_says_so_and_not_before() -> None:
    assert totals(run(MEI)) == {"lah": 3}
    sent = run([*MEI, verdict("v", MAYBE_MS, Verdict.SAID, word="sian")])
    assert totals(sent) == {"lah": 3, "sian": 1}
    assert truth(sent) == {"mei": Counter(lah=3, sian=1)}


def test_a_maybe_that_was_not_said_stays_out_and_asks_no_more() -> None:
    sent = run([*MEI, verdict("v", MAYBE_MS, Verdict.STRUCK, word="sian")])
    assert totals(sent) == {"lah": 3}
    assert judged(sent) == {("S1", "sian", MAYBE_MS): Verdict.STRUCK}


def test_a_verdict_is_taken_back() -> None:
    sent = run([*MEI, verdict("v", LAHS[0]), verdict("u", LAHS[0], Verdict.NONE)])
    assert totals(sent) == {"lah": 3}
    assert judged(sent) == {}


def test_a_word_that_is_struck_away_is_published_as_0() -> None:
    sent = run([*MEI, *(verdict(f"v{ms}", ms) for ms in LAHS)])
    assert totals(sent) == {"lah": 0}
    assert truth(sent) == {}


def test_it_survives_a_recount_that_has_the_words_a_little_later() -> None:
    sent = run([*MEI, verdict("v", LAHS[1]), *words(2, later_ms=NEAR_MS - 1)])
    assert totals(sent) == {"lah": 2}
    assert judged(sent) == {("S1", "lah", LAHS[1] + NEAR_MS - 1): Verdict.STRUCK}


def test_a_count_that_a_generation_lost_is_struck_again_when_it_comes_back() -> None:
    without = with_rows(2, ("S1", "S2"))
    sent = run([*MEI, verdict("v", LAHS[1]), *without])
    assert judged(sent) == {}
    assert totals(run([*MEI, verdict("v", LAHS[1]), *without, *words(3)])) == {"lah": 2}


def test_a_generation_that_is_told_again_raises_no_version() -> None:
    """Before, the number of a change said how often something was told (ADR 0020)."""
    struck = [*MEI, verdict("v", LAHS[1])]
    again = [words()[-1], identified(1), words()[0]]
    then = release("r", "S1", "mei")
    assert run([*struck, *again, then]) == run([*struck, then])


def with_lahs(moments: Sequence[int], generation: int = 1) -> list[Event]:
    """A generation in which S1 said lah at these moments, and nothing else was said."""
    rows = [row(n, "lah", ms) for n, ms in enumerate(moments)]
    return with_rows(generation, ("S1",), rows)


@given(
    st.lists(st.tuples(st.integers(0, 6_000), st.booleans()), max_size=9, unique_by=itemgetter(0)),
    st.integers(-NEAR_MS, NEAR_MS),
)
def test_where_all_counts_come_later_by_the_same_each_verdict_stays_with_its_count(
    said: list[tuple[int, bool]], later_ms: int
) -> None:
    moments = sorted(ms for ms, _ in said)
    # A count that comes to the very place of another one is taken for that one.
    assume(later_ms == 0 or not {ms + later_ms for ms in moments} & set(moments))
    struck = [ms for ms, is_struck in said if is_struck]
    given_to = [verdict(f"v{ms}", ms) for ms in struck]
    later = with_lahs([ms + later_ms for ms in moments], generation=2)
    sent = run([*with_lahs(moments), claim("c", "S1", "mei"), *given_to, *later])
    assert set(judged(sent)) == {("S1", "lah", ms + later_ms) for ms in struck}


def test_a_verdict_stays_with_a_count_that_keeps_its_moment() -> None:
    """A hint moved one count to another voice, and brought another one: times are exact then."""
    before = [*with_lahs([400, 1_000]), claim("c", "S1", "mei"), verdict("v", 1_000)]
    sent = run([*before, *with_lahs([1_000, 1_600], generation=2)])
    assert judged(sent) == {("S1", "lah", 1_000): Verdict.STRUCK}


def test_the_verdict_on_a_count_that_a_generation_lost_goes_to_no_neighbour() -> None:
    both = [*with_lahs([1_000, 1_500]), claim("c", "S1", "mei"), verdict("v", 1_000)]
    sent = run([*both, *with_lahs([1_500], generation=2)])
    assert judged(sent) == {}
    assert totals(sent) == {"lah": 1}


def test_of_two_verdicts_and_one_count_only_one_holds_it() -> None:
    near = [*words(), claim("c", "S1", "mei")]
    assert isinstance(near[2], WordsCounted)
    first = replace(near[2], rows=(row(0, "lah", 1_000), row(1, "lah", 1_400)))
    both = [near[0], near[1], first, *near[3:], verdict("a", 1_000), verdict("b", 1_400)]
    again = with_rows(2, ("S1", "S2"), [row(0, "lah", 1_300)])
    assert judged(run([*both, *again])) == {("S1", "lah", 1_300): Verdict.STRUCK}


def test_each_goes_to_the_nearest_count_whichever_was_given_first() -> None:
    near = [*words(), claim("c", "S1", "mei")]
    assert isinstance(near[2], WordsCounted)
    sure = row(0, "lah", 1_000)
    perhaps = row(1, "lah", 1_500, maybe=True)
    first = replace(near[2], rows=(sure, perhaps))
    given = [verdict("a", 1_000), verdict("b", 1_500, Verdict.SAID)]
    again = with_rows(2, ("S1", "S2"), [perhaps])
    sent = run([near[0], near[1], first, *near[3:], *given, *again])
    assert judged(sent) == {("S1", "lah", 1_500): Verdict.SAID}
    assert totals(sent) == {"lah": 1}


def test_a_place_that_takes_another_verdict_is_told() -> None:
    of_both = [*MEI, claim("c2", "S2", "mei")]
    given = [verdict("a", LAHS[0], Verdict.SAID), verdict("b", LAHS[0], speaker="S2")]
    generation = with_rows(2, ("S1",), [row(0, "lah", LAHS[0])])
    merged = [constrained(2, ("S1", "S2")), *generation]
    sent = run([*of_both, *given, *merged])
    assert totals(sent)["lah"] == 0
    assert judged(sent) == {("S1", "lah", LAHS[0]): Verdict.STRUCK}


def test_it_goes_with_a_voice_that_is_merged() -> None:
    merge = constrained(2, ("S2", "S1"))
    sent = run([*MEI, verdict("v", LAHS[1]), merge, *words(2, speaker="S2")])
    assert judged(sent) == {("S2", "lah", LAHS[1]): Verdict.STRUCK}
    assert truth(sent) == {"mei": Counter(lah=3)}


def test_only_the_owner_of_the_voice_may() -> None:
    assert reason(verdict("v", LAHS[0], by="beng")) == "not_yours"
    assert reason(verdict("v", LAHS[0], by=OWNER)) == "not_yours"
    assert reason(verdict("v", LAHS[0], speaker="S2")) == "not_yours"
    assert reason(release("r", "S1", "mei"), verdict("v", LAHS[0])) == "not_yours"


def test_a_count_that_is_not_there_has_no_verdict() -> None:
    assert reason(verdict("v", LAHS[0] + NEAR_MS + 1)) == "no_such_count"
    assert reason(verdict("v", LAHS[0], word="walao")) == "no_such_count"
    assert reason(verdict("v", LAHS[0], speaker="S9")) == "no_such_speaker"


def test_a_repeat_gets_the_same_answer_and_changes_nothing() -> None:
    once = verdict("v", LAHS[1] + 300)
    sent = run([*MEI, once, once])
    answers = [event for event in sent if isinstance(event, CountJudged)]
    assert answers[0] == answers[1]
    assert len([event for event in sent if isinstance(event, SessionCounted)]) == 2


def test_a_repeat_of_a_request_that_was_taken_back_judges_nothing() -> None:
    """Not where a recount has the count now, nor where there is no count any more."""
    struck = verdict("v", LAHS[1])
    taken_back = [*MEI, struck, verdict("u", LAHS[1], Verdict.NONE)]
    for moved_ms in (0, 100, NEAR_MS + 1):
        sent = run([*taken_back, *words(2, later_ms=moved_ms), struck])
        assert judged(sent) == {}
        assert totals(sent) == {"lah": 3}


def test_nothing_of_somebody_who_leaves_is_in_the_verdict() -> None:
    assert totals(run([*MEI, verdict("v", LAHS[1]), forget("mei"), *words(2)])) == {"lah": 2}


@given(st.lists(st.tuples(st.sampled_from(LAHS), st.sampled_from(list(Verdict))), max_size=6))
def test_the_last_word_on_a_count_holds(said: list[tuple[int, Verdict]]) -> None:
    asked = [verdict(f"v{n}", ms, one) for n, (ms, one) in enumerate(said)]
    last = dict(said)
    left = [ms for ms in LAHS if last.get(ms) is not Verdict.STRUCK]
    for events in ([*MEI, *asked], [*MEI, *asked, *words(2)]):
        sent = run(events)
        assert truth(sent) == ({"mei": Counter(lah=len(left))} if left else {})
        assert totals(sent)["lah"] == len(left)


def test_a_verdict_makes_no_window_anew_but_its_own() -> None:
    """Before, each was, and a verdict in a talk of twelve hours took four times as long."""
    said: dict[SpeakerLabel, Moments] = {SpeakerLabel("S1"): {DAY: {"lah": (1_000, 5_000)}}}
    shown = [
        WindowCounts(generation=1, day=DAY, said=said, spoken={}, missing=()),
        WindowCounts(generation=1, day=DAY, said={}, maybe=said, spoken={}, missing=()),
        WindowCounts(generation=1, day=DAY, said={}, spoken={}, missing=()),
    ]
    struck = Judged(
        speaker=SpeakerLabel("S1"), word="lah", said_at_ms=5_000, day=DAY, verdict=Verdict.STRUCK
    )
    found = applied([struck], [shown[0], shown[2]])
    assert found[0].said == {SpeakerLabel("S1"): {DAY: {"lah": (1_000,)}}}
    assert found[1] is shown[2]
    elsewhere = applied([replace(struck, said_at_ms=7_000)], shown)
    assert all(one is former for one, former in zip(elsewhere, shown, strict=True))
