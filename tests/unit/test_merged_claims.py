"""Claims and tags on speakers whom a new generation has merged, or no longer has."""

from msgspec.structs import replace

from schemas.claim_events import (
    ClaimRejected,
    ClaimRequested,
    Decided,
    SpeakerClaimed,
    SpeakerReleased,
    UndoRequested,
)
from schemas.ids import UserId
from tests.credit_history import (
    COUNTS,
    SAID,
    agree,
    claim,
    constrained,
    decided,
    forget,
    generation,
    merged,
    release,
    run,
    tag,
    truth,
)


def test_a_claim_goes_on_though_the_next_generation_is_announced_meanwhile() -> None:
    """Its constraints are read before the last counts of this one, and its seal after them."""
    merge = ("S2", "S1")
    *second, last = [constrained(2, merge), *generation(2, ("S2",))]
    third = [constrained(3, merge), last, *generation(3, ("S2",))]
    assert truth(run([*COUNTS, claim("c", "S1", "mei"), *second, *third])) == {"mei": SAID["S2"]}


def test_who_leaves_while_a_merge_is_counted_keeps_no_voice() -> None:
    """The release names the voice that it was: the claim has moved on, and the tag has waited."""
    moved = [constrained(2, ("S2", "S1")), *generation(2, ("S2",))]
    asked = [*COUNTS, claim("c", "S1", "mei"), *moved, release("r", "S1", "mei"), forget("mei")]
    sent = run(asked)
    assert truth(sent) == {}
    assert isinstance([one for one in sent if isinstance(one, Decided)][-1], SpeakerReleased)
    tagged = run([*COUNTS, tag("t", "S2", "mei"), forget("mei"), agree("a", "S2", "mei")])
    assert isinstance(tagged[-1], ClaimRejected)


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


def test_constraints_of_a_former_generation_that_come_late_change_nothing() -> None:
    """As from a dead letter. Before, the claim ended, as if its voice had become nobody's."""
    joining, *rest = merged("S1", "S2")
    out = run([*COUNTS, claim("r2", "S2", "raj"), joining, constrained(1), *rest])
    assert truth(out) == {"raj": SAID["S1"] + SAID["S2"]}


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


def late(request: str, speaker: str, user: str) -> ClaimRequested:
    """A claim that is made while the merge is counted."""
    return replace(claim(request, speaker, user), occurred_at_ms=5)


def test_a_claim_that_is_made_while_voices_are_merged_takes_no_voice_of_somebody_else() -> None:
    """A merge of one claimed voice needs nobody else: the other must not be claimed meanwhile."""
    joining, *rest = merged("S1", "S2")
    claims = [claim("c", "S2", "mei"), late("l", "S1", "raj")]
    for order in ([*claims, joining, *rest], [claims[0], joining, claims[1], *rest]):
        out = run([*COUNTS, *order])
        assert truth(out) == {"mei": SAID["S1"] + SAID["S2"]}
        last = decided(out)[-1]
        assert isinstance(last, SpeakerClaimed)
        assert (last.speaker, last.user_id) == ("S1", "mei")


def undo(change: SpeakerClaimed | SpeakerReleased, user: str) -> UndoRequested:
    return UndoRequested(
        occurred_at_ms=9,
        session_id=change.session_id,
        request_id="u",
        speaker=change.speaker,
        by=UserId(user),
        change=change.claim_version,
    )


def test_nor_does_its_undoing_bring_it_back() -> None:
    joining, *rest = merged("S1", "S2")
    events = [*COUNTS, claim("c", "S2", "mei"), joining, late("l", "S1", "raj"), *rest]
    last = decided(run(events))[-1]
    assert isinstance(last, SpeakerClaimed)
    assert isinstance(decided(run([*events, undo(last, "raj")]))[-1], ClaimRejected)


def test_a_claim_that_was_taken_back_and_given_again_is_a_late_one() -> None:
    joining, *rest = merged("S1", "S2")
    former = [claim("c", "S1", "raj"), late("l", "S2", "mei"), release("r", "S1", "raj")]
    let_go = decided(run([*COUNTS, *former]))[-1]
    assert isinstance(let_go, SpeakerReleased)
    out = run([*COUNTS, *former, joining, undo(let_go, "raj"), *rest])
    assert truth(out) == {"mei": SAID["S1"] + SAID["S2"]}


def test_of_two_people_who_both_agreed_the_targets_claim_stands() -> None:
    joining, *rest = merged("S1", "S2", agreed=True)
    out = run([*COUNTS, claim("c", "S2", "mei"), late("l", "S1", "raj"), joining, *rest])
    assert truth(out) == {"raj": SAID["S1"] + SAID["S2"]}


def test_a_merged_claim_that_was_taken_back_and_given_again_goes_with_its_voice() -> None:
    """When the merge is undone. Before, the claim stayed on the voice of somebody else."""
    events = [*COUNTS, claim("c", "S2", "mei"), *merged("S1", "S2"), release("r", "S1", "mei")]
    let_go = decided(run(events))[-1]
    assert isinstance(let_go, SpeakerReleased)
    apart = [constrained(3), *generation(3, ("S1", "S2"))]
    assert truth(run([*events, undo(let_go, "mei"), *apart])) == {"mei": SAID["S2"]}
