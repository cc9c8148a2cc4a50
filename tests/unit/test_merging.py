"""Two claimed voices become one only when both people ask for it."""

from msgspec.structs import replace

from schemas.claim_events import ClaimKind, SpeakerClaimed, SpeakerReleased, SpeakerTagged
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.session_events import (
    RequestAccepted,
    RequestRejected,
    SessionCompleted,
    SessionReady,
    SpeakersConstrained,
)
from schemas.session_requests import MergeRequested
from streams.sessions.merging import WISHES
from tests.session_history import RECORDED, SESSION, identified, run, silent, totalled

ANN = UserId("ann")
BEN = UserId("ben")
CAT = UserId("cat")
S1, S2, S3 = (SpeakerLabel(f"S{n}") for n in (1, 2, 3))
ENDS = SessionReady | SessionCompleted
READY = [*RECORDED, silent(1), totalled(1), identified(1, "S1", "S2", "S3")]


def claimed(
    speaker: SpeakerLabel, user: UserId | None, by: UserId, guest: str | None = None
) -> SpeakerClaimed:
    return SpeakerClaimed(
        occurred_at_ms=20,
        session_id=SESSION,
        request_id=f"c-{speaker}-{user}-{by}",
        speaker=speaker,
        by=by,
        kind=ClaimKind.GUEST if guest else ClaimKind.SELF,
        user_id=user,
        guest_name=guest,
        claim_version=1,
        unclaimed=1,
    )


def released(speaker: SpeakerLabel) -> SpeakerReleased:
    return SpeakerReleased(
        occurred_at_ms=21,
        session_id=SESSION,
        request_id=f"r-{speaker}",
        speaker=speaker,
        by=ANN,
        claim_version=2,
        unclaimed=2,
    )


def merge(by: UserId, target: SpeakerLabel, source: SpeakerLabel, n: int = 0) -> MergeRequested:
    return MergeRequested(
        occurred_at_ms=30,
        session_id=SESSION,
        request_id=f"m-{by}-{target}-{source}-{n}",
        by=by,
        target=target,
        source=source,
    )


def answers(*events: Event) -> list[str]:
    """The reason against each request; empty when it was accepted."""
    found = [
        "" if isinstance(sent, RequestAccepted) else sent.reason
        for sent in run([*READY, *events])
        if isinstance(sent, RequestAccepted | RequestRejected)
    ]
    return [str(reason) for reason in found]


OF_TWO = (claimed(S1, ANN, ANN), claimed(S2, BEN, BEN))


def test_a_member_does_not_merge_somebodys_claimed_voice_into_their_own() -> None:
    assert answers(*OF_TWO, merge(ANN, S1, S2)) == ["needs_both"]
    assert answers(*OF_TWO, merge(ANN, S2, S1)) == ["needs_both"]
    assert answers(*OF_TWO, merge(CAT, S1, S2)) == ["both_claimed"]


def test_both_together_may() -> None:
    assert answers(*OF_TWO, merge(ANN, S1, S2), merge(BEN, S1, S2)) == ["needs_both", ""]
    assert answers(*OF_TWO, merge(BEN, S1, S2), merge(ANN, S2, S1)) == ["needs_both", ""]


def test_the_merge_says_whether_two_people_agreed() -> None:
    """Else a claim that is made meanwhile would get the other voice."""

    def agreed(*events: Event) -> list[bool]:
        constrained = [
            one for one in run([*READY, *events]) if isinstance(one, SpeakersConstrained)
        ]
        return [constraint.agreed for constraint in constrained[-1].constraints]

    assert agreed(*OF_TWO, merge(ANN, S1, S2), merge(BEN, S1, S2)) == [True]
    assert agreed(OF_TWO[0], merge(CAT, S1, S2)) == [False]
    assert agreed(OF_TWO[0], claimed(S2, ANN, ANN), merge(ANN, S1, S2)) == [False]


def test_nobody_agrees_twice_or_to_something_else() -> None:
    twice = (merge(ANN, S1, S2), merge(ANN, S1, S2), merge(ANN, S1, S2, 1))
    assert answers(*OF_TWO, *twice) == ["needs_both"] * 3
    third = claimed(S3, BEN, BEN)
    assert answers(*OF_TWO, third, merge(ANN, S1, S2), merge(BEN, S1, S3)) == ["needs_both"] * 2


def test_an_agreement_ends_with_the_claim() -> None:
    again = replace(OF_TWO[0], request_id="again", event_id="", claim_version=3)
    events = (*OF_TWO, merge(ANN, S1, S2), released(S1), again, merge(BEN, S1, S2))
    assert answers(*events) == ["needs_both", "needs_both"]


def test_a_tag_that_was_agreed_to_is_the_users_and_not_the_taggers() -> None:
    agreed = (claimed(S1, ANN, ANN), claimed(S2, BEN, ANN))
    assert answers(*agreed, merge(ANN, S1, S2)) == ["needs_both"]


def test_a_voice_that_is_given_back_is_nobodys_until_its_person_agrees() -> None:
    """An undoing makes a tag of a claim, without a release before it."""
    asked = SpeakerTagged(
        occurred_at_ms=25,
        session_id=SESSION,
        request_id="u",
        speaker=S1,
        by=BEN,
        user_id=ANN,
        claim_version=3,
    )
    assert answers(*OF_TWO, asked, merge(BEN, S2, S1)) == [""]
    states = [
        type(sent)
        for sent in run([*READY, *OF_TWO, claimed(S3, CAT, CAT), asked])
        if isinstance(sent, ENDS)
    ]
    assert states == [SessionReady, SessionCompleted, SessionReady]


def test_a_guests_voice_is_of_who_named_the_guest() -> None:
    named_by_ben = claimed(S2, None, BEN, "Uncle Bob")
    assert answers(claimed(S1, ANN, ANN), named_by_ben, merge(ANN, S1, S2)) == ["needs_both"]
    named_by_ann = claimed(S2, None, ANN, "Uncle Bob")
    assert answers(claimed(S1, ANN, ANN), named_by_ann, merge(ANN, S1, S2)) == [""]


def test_other_merges_need_nobody_else() -> None:
    assert answers(merge(CAT, S1, S2)) == [""]
    assert answers(OF_TWO[0], merge(CAT, S1, S2)) == [""]
    assert answers(OF_TWO[0], claimed(S2, ANN, ANN), merge(CAT, S1, S2)) == [""]
    assert answers(*OF_TWO, released(S1), merge(BEN, S2, S1)) == [""]


def test_the_answer_to_a_repeated_request_changes_no_claim() -> None:
    """The fold of the claims gives it as it was: others have claimed and released since."""
    former = (*OF_TWO, released(S1))
    assert answers(*former, OF_TWO[0], merge(BEN, S1, S2)) == [""]
    to_cat = replace(claimed(S1, CAT, CAT), claim_version=3)
    assert answers(*former, to_cat, *former, merge(ANN, S1, S2)) == ["both_claimed"]
    of_three = [claimed(S3, CAT, CAT), *former, OF_TWO[0]]
    ends = [one for one in run([*READY, *of_three]) if isinstance(one, ENDS)]
    assert isinstance(ends[-1], SessionReady)


def test_wishes_are_bounded() -> None:
    labels = [SpeakerLabel(f"S{n}") for n in range(1, WISHES.of_person + 4)]
    ready = [*RECORDED, silent(1), totalled(1), identified(1, *labels)]
    claims = [claimed(labels[0], ANN, ANN), *(claimed(label, BEN, BEN) for label in labels[1:])]
    wishes = [merge(ANN, labels[0], label) for label in labels[1:]]
    table: dict[str, bytes] = {}
    run([*ready, *claims, *wishes], table)
    assert table["s"].count(b"target") <= WISHES.of_person
