"""Hints, merges and splits can be undone; claims and verdicts are then where they were before."""

from schemas.claim_events import SpeakerTagged, Verdict
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.session_events import (
    Cause,
    Constraint,
    ConstraintKind,
    RequestRejected,
    SessionSealed,
    SpeakersConstrained,
    VoicesCorrected,
)
from schemas.session_requests import (
    CorrectionUndoRequested,
    HintRequested,
    SplitRequested,
)
from streams.sessions.correcting import MOST_HINTS
from tests import credit_history as credited
from tests.session_history import OWNER, SESSION, identified, run, silent, totalled
from tests.unit.test_merging import OF_TWO, READY, S1, S2, S3, claimed, merge
from tests.verdict_history import LAHS, judged, verdict, words

ANN = UserId("ann")
CAT = UserId("cat")


def split(by: UserId, speaker: SpeakerLabel) -> SplitRequested:
    return SplitRequested(
        occurred_at_ms=31, session_id=SESSION, request_id=f"s-{speaker}", by=by, speaker=speaker
    )


def hint(by: UserId, speakers: int) -> HintRequested:
    return HintRequested(
        occurred_at_ms=31, session_id=SESSION, request_id=f"h-{speakers}", by=by, speakers=speakers
    )


def undo(by: UserId, correction: int) -> CorrectionUndoRequested:
    return CorrectionUndoRequested(
        occurred_at_ms=40,
        session_id=SESSION,
        request_id=f"u-{by}-{correction}",
        by=by,
        correction=correction,
    )


def again(generation: int, *labels: str) -> list[Event]:
    """Everything of the next generation."""
    found = labels or ("S1", "S2", "S3")
    return [silent(generation), totalled(generation), identified(generation, *found)]


def reasons(*events: Event) -> list[str]:
    sent = run([*READY, *events])
    return [event.reason for event in sent if isinstance(event, RequestRejected)]


def seals(*events: Event) -> list[SessionSealed]:
    return [event for event in run([*READY, *events]) if isinstance(event, SessionSealed)]


def constraints(*events: Event) -> dict[int, tuple[Constraint, ...]]:
    sent = run([*READY, *events])
    found = [event for event in sent if isinstance(event, SpeakersConstrained)]
    return {event.generation: event.constraints for event in found}


def test_an_undone_merge_opens_a_generation_without_it() -> None:
    events = (merge(ANN, S1, S2), *again(2, "S1", "S3"), undo(ANN, 1))
    assert seals(*events)[-1].cause is Cause.UNDO
    assert set(constraints(*events)) == {2}
    told = [event for event in run([*READY, *events]) if isinstance(event, VoicesCorrected)]
    assert [(one.correction, one.is_undone, one.by) for one in told] == [
        (1, False, ANN),
        (1, True, ANN),
    ]


def test_others_stay_when_one_is_undone() -> None:
    events = (merge(ANN, S1, S2), *again(2, "S1", "S3"), split(ANN, S3), *again(3), undo(ANN, 1))
    (left,) = constraints(*events)[4]
    assert (left.kind, left.speaker, left.correction) == (ConstraintKind.SPLIT, S3, 2)


def test_an_undone_hint_gives_the_one_before() -> None:
    events = (hint(ANN, 2), *again(2), hint(ANN, 5), *again(3), undo(ANN, 2), *again(4))
    assert [seal.hint for seal in seals(*events)] == [None, 2, 5, 2]
    assert seals(*events, undo(ANN, 1))[-1].hint is None


def test_a_later_correction_of_the_same_voices_goes_first() -> None:
    merged = (merge(ANN, S1, S2), *again(2, "S1", "S3"), merge(ANN, S3, S1), *again(3, "S3"))
    assert reasons(*merged, undo(ANN, 1)) == ["corrected_since"]
    assert reasons(*merged, undo(ANN, 2), *again(4, "S1", "S3"), undo(ANN, 1)) == []
    # A split makes a label that the fold does not know.
    after = (split(ANN, S1), *again(2, "S1", "S2", "S3", "S4"), merge(ANN, S2, S3))
    assert reasons(*after, *again(3, "S1", "S2", "S4"), undo(ANN, 1)) == ["corrected_since"]
    assert reasons(hint(ANN, 2), *again(2), hint(ANN, 3), *again(3), undo(ANN, 1)) == [
        "corrected_since"
    ]


def test_only_those_whom_it_concerns_undo_it() -> None:
    ours = (OF_TWO[0], merge(CAT, S1, S2), *again(2, "S1", "S3"))
    assert reasons(*ours, undo(UserId("dan"), 1)) == ["not_concerned"]
    for by in (CAT, ANN, OWNER):
        assert reasons(*ours, undo(by, 1)) == []


def test_what_does_not_hold_cannot_be_undone_again() -> None:
    events = (merge(ANN, S1, S2), *again(2, "S1", "S3"), undo(ANN, 1), *again(3))
    assert reasons(*events, undo(OWNER, 1), undo(ANN, 7)) == ["no_such_correction"] * 2
    assert reasons(merge(ANN, S1, S2), undo(ANN, 1)) == ["not_ready"]


def test_the_state_names_nobody_and_forgets_old_hints() -> None:
    table: dict[str, bytes] = {}
    hints = [event for n in range(1, MOST_HINTS + 9) for event in (hint(CAT, n), *again(n + 1))]
    run([*READY, claimed(S1, CAT, CAT), *hints], table)
    assert table["s"].count(b'"concerned"') == MOST_HINTS
    assert b"cat" not in table["s"].split(b'"corrections"')[1].split(b'"corrections_made"')[0]


# The credits of the same session


MERGED = credited.merged("S1", "S2")
APART = credited.generation(3)
EVERYTHING = credited.SAID["S1"] + credited.SAID["S2"]


def test_a_claim_that_went_with_a_merge_comes_back() -> None:
    events = [*credited.COUNTS, credited.claim("c", "S2", "mei"), *MERGED]
    assert credited.truth(credited.run(events)) == {"mei": EVERYTHING}
    assert credited.truth(credited.run([*events, *APART])) == {"mei": credited.SAID["S2"]}


def test_both_people_have_their_voices_again() -> None:
    claims = [credited.claim("c1", "S1", "raj"), credited.claim("c2", "S2", "mei")]
    events = [*credited.COUNTS, *claims, *MERGED]
    assert credited.truth(credited.run(events)) == {"raj": EVERYTHING}
    assert credited.truth(credited.run([*events, *APART])) == credited.truth(
        credited.run([*credited.COUNTS, *claims])
    )


def test_nobody_gets_back_what_they_released_or_left_since() -> None:
    events = [*credited.COUNTS, credited.claim("c", "S2", "mei"), *MERGED]
    released = [*events, credited.release("r", "S1", "mei"), *APART]
    assert credited.truth(credited.run(released)) == {}
    claims = [credited.claim("c1", "S1", "raj"), credited.claim("c2", "S2", "mei")]
    left = [*credited.COUNTS, *claims, *MERGED, credited.forget("mei"), *APART]
    assert credited.truth(credited.run(left)) == {"raj": credited.SAID["S1"]}


def test_a_tag_waits_again() -> None:
    events = [*credited.COUNTS, credited.tag("t", "S2", "mei"), *MERGED, *APART]
    tagged = [event for event in credited.run(events) if isinstance(event, SpeakerTagged)]
    assert [(one.speaker, one.user_id, one.by) for one in tagged] == [("S2", "mei", "owner")] * 2
    agreed = [*events, credited.agree("a", "S2", "mei")]
    assert credited.truth(credited.run(agreed)) == {"mei": credited.SAID["S2"]}


def test_through_two_merges_a_claim_goes_and_comes_step_by_step() -> None:
    three = [credited.sealed(), credited.identified(1, ("S1", "S2", "S3")), *credited.COUNTS[2:]]
    chain = [credited.constrained(2, ("S1", "S2"), ("S3", "S1")), *credited.generation(2, ("S3",))]
    events = [*three, credited.claim("c", "S2", "mei"), *chain]

    def held(*more: Event) -> set[str]:
        voices = credited.voices(credited.run([*events, *more]))
        return {speaker for (_, speaker), voice in voices.items() if voice.time_zone}

    assert held() == {"S3"}
    once = [credited.constrained(3, ("S1", "S2")), *credited.generation(3, ("S1", "S3"))]
    assert held(*once) == {"S1"}
    assert held(*once, *credited.generation(4, ("S1", "S2", "S3"))) == {"S2"}


def test_a_verdict_comes_back_to_its_voice() -> None:
    start = [*words(speaker="S2"), credited.claim("c", "S2", "mei")]
    struck = verdict("v", LAHS[1], speaker="S2")
    joined: list[Event] = [credited.constrained(2, ("S1", "S2")), *words(2)]
    joined[2] = credited.identified(2, ("S1",))
    events = [*start, struck, *joined]
    assert judged(credited.run(events)) == {("S1", "lah", LAHS[1]): Verdict.STRUCK}
    apart = words(3, speaker="S2")
    assert judged(credited.run([*events, *apart])) == {("S2", "lah", LAHS[1]): Verdict.STRUCK}
