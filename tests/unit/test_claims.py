"""Claims, tags and guests: who may, who wins, and when a claim counts."""

import pytest
from msgspec.structs import replace

from schemas.claim_events import (
    ClaimKind,
    ClaimRejected,
    ClaimRequested,
    SpeakerClaimed,
    SpeakerReleased,
    SpeakerTagged,
    TagRequested,
)
from schemas.event import Event
from streams.answers import LATE_MS
from tests.credit_history import (
    COUNTS,
    SAID,
    agree,
    claim,
    constrained,
    decided,
    forget,
    generation,
    release,
    run,
    tag,
    truth,
)


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


@pytest.mark.parametrize("by", ["mei", "owner"])
@pytest.mark.parametrize("taken", [claim("again", "S1", "mei"), tag("again", "S1", "mei")])
def test_a_release_that_comes_late_ends_no_newer_claim_or_tag(
    by: str, taken: ClaimRequested | TagRequested
) -> None:
    """It was a dead letter, say, and is replayed."""
    late = release("late", "S1", by)
    first = claim("first", "S1", "mei")
    again = replace(taken, occurred_at_ms=late.occurred_at_ms + LATE_MS)
    events = [*COUNTS, first, release("own", "S1", "mei"), again, late]
    # Its gateway's clock is seconds behind that of the claim.
    behind_ms = again.occurred_at_ms - LATE_MS + 1
    in_time = replace(late, event_id="", request_id="now", occurred_at_ms=behind_ms)
    out = run([*events, in_time])
    assert [event.reason for event in out if isinstance(event, ClaimRejected)] == ["claimed_since"]


def test_a_claim_that_a_generation_moves_stays_newer_than_an_erasure_before_it() -> None:
    """The erasure would wait for ever for a claim that the fold does not release."""
    later = replace(claim("c", "S1", "mei"), occurred_at_ms=forget("mei").occurred_at_ms + 1)
    out = run([*COUNTS, later, constrained(2, ("S2", "S1")), *generation(2, ("S2",))])
    told = [event for event in out if isinstance(event, SpeakerClaimed)]
    times = {event.speaker: event.occurred_at_ms for event in told}
    assert times == {"S1": later.occurred_at_ms, "S2": later.occurred_at_ms}


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


def test_who_came_back_keeps_what_they_claimed_since() -> None:
    later = replace(claim("c", "S1", "mei"), occurred_at_ms=forget("mei").occurred_at_ms + 1)
    assert truth(run([*COUNTS, later, forget("mei")])) == {"mei": SAID["S1"]}
