"""Credits are always the words of the claimed speakers, in any order, repeated or not."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.claim_events import (
    ClaimKind,
    ClaimRejected,
    ClaimRequested,
    Decided,
    ForgetRequested,
    ReleaseRequested,
    SpeakerClaimed,
    SpeakerReleased,
    SpeakerTagged,
    TagAnswered,
    TagRequested,
)
from schemas.event import Event
from schemas.ids import EventId, SessionId, SpeakerLabel, UserId
from schemas.session_events import (
    Constraint,
    ConstraintKind,
    SessionErased,
    SessionSealed,
    SpeakersConstrained,
)
from schemas.speech_events import SpeakersIdentified
from schemas.word_events import (
    CountedRow,
    SessionCounted,
    VoiceCredited,
    WordsCounted,
    WordsCredited,
)
from streams.answers import KEPT
from streams.credits.fold import fold
from tests import folding
from tests.attributing import SEALED
from tests.speakers import speakers_identified

SESSION = SessionId("s")
OWNER = UserId("owner")
DAY = "2026-11-23"
WINDOWS = (
    {"S1": ["lah", "lah"], "S2": ["walao"]},
    {"S1": ["can"], "S2": []},
    {"S1": [], "S2": ["lah"]},
)
SAID = {"S1": Counter(lah=2, can=1), "S2": Counter(walao=1, lah=1)}


def sealed(generation: int = 1) -> SessionSealed:
    return replace(
        SEALED,
        event_id="",
        owner=OWNER,
        generation=generation,
        windows=(1,) * len(WINDOWS),
        total_ms=60_000,
        time_zone="Asia/Singapore",
    )


def identified(generation: int = 1, labels: tuple[str, ...] = ("S1", "S2")) -> SpeakersIdentified:
    return speakers_identified(
        SESSION, generation, labels, occurred_at_ms=1, talk_ms=9_000, turns=3
    )


def counted(window: int, generation: int = 1) -> WordsCounted:
    said = [(speaker, word) for speaker, words in WINDOWS[window].items() for word in words]
    rows = tuple(
        CountedRow(
            ordinal=n,
            speaker=SpeakerLabel(speaker),
            word=word,
            said_at_ms=1,
            day=DAY,
            probability=1.0,
            reason="exact",
        )
        for n, (speaker, word) in enumerate(said)
    )
    return WordsCounted(
        occurred_at_ms=1,
        session_id=SESSION,
        window=window,
        generation=generation,
        lexicon="1",
        day=DAY,
        rows=rows,
        most_rows=0,
        spoken={SpeakerLabel("S1"): 10, SpeakerLabel("S2"): 20},
        missing=(),
    )


def claim(request: str, speaker: str, user: str) -> ClaimRequested:
    return ClaimRequested(
        occurred_at_ms=2,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(user),
        kind=ClaimKind.SELF,
    )


def release(request: str, speaker: str, user: str) -> ReleaseRequested:
    return ReleaseRequested(
        occurred_at_ms=3,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(user),
    )


def forget(user: str) -> ForgetRequested:
    """Of somebody who leaves."""
    return ForgetRequested(
        occurred_at_ms=4, session_id=SESSION, request_id=f"f-{user}", by=UserId(user)
    )


def run(events: list[Event]) -> list[Event]:
    return folding.run(fold, events)


def truth(events: list[Event]) -> dict[str, Counter[str]]:
    """Returns user -> word -> count, by the newest credit of each user and speaker."""
    newest: dict[tuple[str, str], WordsCredited] = {}
    for event in events:
        if isinstance(event, WordsCredited):
            key = (event.user_id, event.speaker)
            newest[key] = max(
                newest.get(key, event), event, key=lambda credit: credit.credit_version
            )
    found: dict[str, Counter[str]] = {}
    for (user, _), credit in newest.items():
        for words in credit.days.values():
            found.setdefault(user, Counter()).update({word: n for word, n in words.items() if n})
    return {user: words for user, words in found.items() if words.total()}


def generation(number: int, labels: tuple[str, ...] = ("S1", "S2")) -> list[Event]:
    """Everything of it: its seal, its speakers and the counts of its windows."""
    windows = [counted(n, number) for n in range(len(WINDOWS))]
    return [sealed(number), identified(number, labels), *windows]


COUNTS = generation(1)


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


def test_one_of_a_hundred_concurrent_claims_wins() -> None:
    answers = run([*COUNTS, *(claim(f"r{n}", "S1", f"user-{n}") for n in range(100))])
    assert [event.by for event in answers if isinstance(event, SpeakerClaimed)] == ["user-0"]
    assert [event.reason for event in answers if isinstance(event, ClaimRejected)] == [
        "already_claimed"
    ] * 99
    assert truth(answers) == {"user-0": SAID["S1"]}


def test_counts_leave_with_a_released_claim_and_go_to_the_next() -> None:
    claims: list[Event] = [
        claim("r1", "S1", "mei"),
        release("r2", "S1", "mei"),
        claim("r3", "S1", "raj"),
    ]
    assert truth(run([*COUNTS, *claims[:2]])) == {}
    assert truth(run([*COUNTS, *claims])) == {"raj": SAID["S1"]}
    # A request that comes again gets its old answer and undoes nothing newer.
    assert truth(run([*COUNTS, *claims, claims[0], claims[1]])) == {"raj": SAID["S1"]}


def test_a_new_generation_flows_to_the_owner() -> None:
    out = run([*COUNTS, claim("r1", "S2", "mei"), *generation(2)])
    assert truth(out) == {"mei": SAID["S2"]}
    versions = [event.credit_version for event in out if isinstance(event, WordsCredited)]
    assert all(a < b for a, b in pairwise(versions))


def test_a_speaker_that_a_new_generation_no_longer_has_is_credited_nothing() -> None:
    newer = generation(2, ("S1",))
    assert truth(run([*COUNTS, claim("r1", "S2", "mei"), *newer])) == {}


def voices(out: list[Event]) -> dict[tuple[str, str], VoiceCredited]:
    """The newest of each user and speaker."""
    return {
        (event.user_id, event.speaker): event for event in out if isinstance(event, VoiceCredited)
    }


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


def test_typed_refusals() -> None:
    asked: list[Event] = [
        claim("r1", "S9", "mei"),
        release("r2", "S1", "mei"),
        claim("r3", "S1", "mei"),
        release("r4", "S1", "x"),
    ]
    out = run([claim("r0", "S1", "mei"), *COUNTS, *asked])
    assert [event.reason for event in out if isinstance(event, ClaimRejected)] == [
        "not_ready",
        "no_such_speaker",
        "not_claimed",
        "not_yours",
    ]


def tag(request: str, speaker: str, user: str, by: str = "owner") -> TagRequested:
    return TagRequested(
        occurred_at_ms=2,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(by),
        user_id=UserId(user),
    )


def agree(request: str, speaker: str, user: str) -> TagAnswered:
    return TagAnswered(
        occurred_at_ms=3,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(user),
    )


def decided(out: list[Event]) -> list[Event]:
    return [event for event in out if isinstance(event, Decided)]


def test_a_tag_counts_only_once_that_person_agrees() -> None:
    asked: list[Event] = [*COUNTS, tag("r1", "S1", "mei")]
    assert truth(run(asked)) == {}
    assert truth(run([*asked, agree("r2", "S1", "mei")])) == {"mei": SAID["S1"]}
    assert truth(run([*asked, claim("r2", "S1", "mei")])) == {"mei": SAID["S1"]}


def test_nobody_else_can_agree_and_a_no_ends_the_tag() -> None:
    out = run(
        [
            *COUNTS,
            tag("r1", "S1", "mei"),
            agree("r2", "S1", "raj"),
            release("r3", "S1", "mei"),
            agree("r4", "S1", "mei"),
        ]
    )
    kinds = [type(event) for event in decided(out)]
    assert kinds == [SpeakerTagged, ClaimRejected, SpeakerReleased, ClaimRejected]
    assert truth(out) == {}


def test_a_claimed_voice_cannot_be_tagged_and_one_person_may_own_several() -> None:
    out = run([*COUNTS, claim("r1", "S1", "mei"), tag("r2", "S1", "raj"), claim("r3", "S2", "mei")])
    assert [event.reason for event in out if isinstance(event, ClaimRejected)] == [
        "already_claimed"
    ]
    assert truth(out) == {"mei": SAID["S1"] + SAID["S2"]}


def test_whoever_named_a_guest_may_rename_them() -> None:
    def guest(request: str, name: str, by: str) -> ClaimRequested:
        asked = claim(request, "S1", by)
        return replace(asked, kind=ClaimKind.GUEST, guest_name=name)

    out = decided(
        run(
            [
                *COUNTS,
                guest("r1", "Ah Bneg", "owner"),
                guest("r2", "Ah Beng", "owner"),
                guest("r3", "Nobody", "raj"),
            ]
        )
    )
    assert [getattr(event, "guest_name", "refused") for event in out] == [
        "Ah Bneg",
        "Ah Beng",
        "refused",
    ]


def constrained(generation: int, *merges: tuple[str, str]) -> SpeakersConstrained:
    """Each merge is of a target and of the other speaker, which becomes it."""
    return SpeakersConstrained(
        occurred_at_ms=1,
        session_id=SESSION,
        generation=generation,
        constraints=tuple(
            Constraint(
                kind=ConstraintKind.MERGE,
                speaker=SpeakerLabel(target),
                other=SpeakerLabel(other),
                correction=n,
            )
            for n, (target, other) in enumerate(merges, 1)
        ),
    )


def merged(target: str, other: str) -> list[Event]:
    """Generation 2, in which one of the two labels is gone and its words are the other's."""
    windows = [
        replace(counted(n, 2), rows=tuple(replace(row, speaker=target) for row in counted(n).rows))
        for n in range(len(WINDOWS))
    ]
    return [constrained(2, (target, other)), sealed(2), identified(2, (target,)), *windows]


def test_a_claim_goes_on_though_the_next_generation_is_announced_meanwhile() -> None:
    """Its constraints are read before the last counts of this one, and its seal after them."""
    merge = ("S2", "S1")
    *second, last = [constrained(2, merge), *generation(2, ("S2",))]
    third = [constrained(3, merge), last, *generation(3, ("S2",))]
    assert truth(run([*COUNTS, claim("c", "S1", "mei"), *second, *third])) == {"mei": SAID["S2"]}


def test_whoever_talked_without_a_recognised_word_talked_all_the_same() -> None:
    unheard = [replace(counted(n), rows=(), spoken={}) for n in range(len(WINDOWS))]
    sent = run([sealed(), identified(), *unheard, claim("c", "S1", "mei")])
    [words] = [event for event in sent if isinstance(event, WordsCredited)]
    assert (words.days, words.spoken, words.talk_ms) == ({DAY: {}}, {DAY: 0}, 9_000)
    [voice] = [event for event in sent if isinstance(event, VoiceCredited)]
    assert (voice.spoken, voice.talk_ms) == ({DAY: 0}, 9_000)


def test_who_leaves_while_a_merge_is_counted_keeps_no_voice() -> None:
    """The release names the voice that it was: the claim has moved on, and the tag has waited."""
    moved = [constrained(2, ("S2", "S1")), *generation(2, ("S2",))]
    asked = [*COUNTS, claim("c", "S1", "mei"), *moved, release("r", "S1", "mei"), forget("mei")]
    sent = run(asked)
    assert truth(sent) == {}
    assert isinstance([one for one in sent if isinstance(one, Decided)][-1], SpeakerReleased)
    tagged = run([*COUNTS, tag("t", "S2", "mei"), forget("mei"), agree("a", "S2", "mei")])
    assert isinstance(tagged[-1], ClaimRejected)


def test_who_came_back_keeps_what_they_claimed_since() -> None:
    later = replace(claim("c", "S1", "mei"), occurred_at_ms=forget("mei").occurred_at_ms + 1)
    assert truth(run([*COUNTS, later, forget("mei")])) == {"mei": SAID["S1"]}


def test_of_two_merged_speakers_the_targets_claim_stands() -> None:
    out = run([*COUNTS, claim("r1", "S1", "mei"), claim("r2", "S2", "raj"), *merged("S1", "S2")])
    assert truth(out) == {"mei": SAID["S1"] + SAID["S2"]}
    assert isinstance(decided(out)[-1], SpeakerReleased)


def test_without_one_the_others_claim_comes_along() -> None:
    out = run([*COUNTS, claim("r2", "S2", "raj"), *merged("S1", "S2")])
    assert truth(out) == {"raj": SAID["S1"] + SAID["S2"]}
    last = decided(out)[-1]
    assert isinstance(last, SpeakerClaimed)
    assert (last.speaker, last.user_id, last.unclaimed) == ("S1", "raj", 0)


def test_a_tag_takes_no_claim_away_that_a_merge_brought() -> None:
    events = [*COUNTS, tag("t", "S1", "mei"), claim("c", "S2", "raj"), *merged("S1", "S2")]
    out = run([*events, agree("a", "S1", "mei")])
    assert truth(out) == {"raj": SAID["S1"] + SAID["S2"]}
    last = decided(out)[-1]
    assert isinstance(last, ClaimRejected)
    assert last.reason == "already_claimed"


def test_a_claim_whose_voice_is_gone_is_released_with_a_notice() -> None:
    newer = generation(2, ("S1",))
    notices = [
        event
        for event in decided(run([*COUNTS, claim("r1", "S2", "mei"), *newer]))
        if isinstance(event, SpeakerReleased)
    ]
    assert [(notice.speaker, notice.by) for notice in notices] == [("S2", "")]


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
