"""Every change of a claim can be undone by those whom it concerns, and by nobody else."""

import pytest
from msgspec.structs import replace

from schemas.claim_events import (
    ClaimKind,
    ClaimRejected,
    ClaimRequested,
    Decided,
    SpeakerClaimed,
    SpeakerReleased,
    SpeakerTagged,
    TagRequested,
    UndoRequested,
)
from schemas.event import Event
from schemas.ids import NOBODY, SpeakerLabel, UserId
from streams.credits.fold import fold
from streams.credits.history import MOST_CHANGES
from tests import folding
from tests.credit_history import (
    COUNTS,
    SESSION,
    agree,
    claim,
    forget,
    merged,
    release,
    run,
    tag,
    truth,
)
from tests.credit_history import decided as decided_in

S1 = SpeakerLabel("S1")


def undo(request: str, user: str, change: int, speaker: str = "S1") -> UndoRequested:
    return UndoRequested(
        occurred_at_ms=5,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(user),
        change=change,
    )


def decided(*events: Event) -> list[Decided]:
    return [event for event in run([*COUNTS, *events]) if isinstance(event, Decided)]


def last(*events: Event) -> Decided:
    return decided(*events)[-1]


def reason(*events: Event) -> str:
    answer = last(*events)
    return answer.reason if isinstance(answer, ClaimRejected) else ""


def number(*events: Event) -> int:
    """Of the change that the last of the requests made."""
    answer = last(*events)
    assert not isinstance(answer, ClaimRejected)
    return answer.claim_version


MINE = claim("c1", "S1", "mei")
BY_OWNER = release("r1", "S1", "owner")


def test_who_lost_a_voice_gets_it_back_with_its_counts() -> None:
    change = number(MINE, BY_OWNER)
    events = (MINE, BY_OWNER, undo("u1", "mei", change))
    answer = last(*events)
    assert isinstance(answer, SpeakerClaimed)
    assert (answer.user_id, answer.by) == ("mei", "mei")
    assert set(truth(run([*COUNTS, *events]))) == {"mei"}


def test_who_takes_a_voice_after_releasing_it_does_not_keep_it() -> None:
    change = number(MINE, BY_OWNER)
    taken = claim("c2", "S1", "owner")
    events = (MINE, BY_OWNER, taken, undo("u1", "mei", change))
    assert set(truth(run([*COUNTS, *events]))) == {"mei"}


def test_what_somebody_else_changed_since_stays() -> None:
    change = number(MINE, BY_OWNER)
    assert reason(MINE, BY_OWNER, claim("c2", "S1", "raj"), undo("u", "mei", change)) == (
        "changed_since"
    )


def test_a_stranger_to_the_change_undoes_nothing() -> None:
    change = number(MINE, BY_OWNER)
    assert reason(MINE, BY_OWNER, undo("u", "raj", change)) == "not_yours"
    assert reason(MINE, undo("u", "raj", number(MINE))) == "not_yours"
    assert reason(MINE, undo("u", "mei", 99)) == "no_such_change"
    assert reason(MINE, undo("u", "mei", number(MINE), "S2")) == "no_such_change"
    assert reason(MINE, undo("u", "mei", number(MINE), "S9")) == "no_such_speaker"


def test_a_claim_is_undone_by_who_made_it_and_by_the_owner() -> None:
    for user in ("mei", "owner"):
        assert isinstance(last(MINE, undo("u", user, number(MINE))), SpeakerReleased)


def test_nobody_gets_a_voice_back_whom_nobody_asked() -> None:
    own = release("r1", "S1", "mei")
    answer = last(MINE, own, undo("u", "owner", number(MINE, own)))
    assert isinstance(answer, SpeakerTagged)
    assert answer.user_id == "mei"
    assert truth(run([*COUNTS, MINE, own, undo("u", "owner", number(MINE, own))])) == {}


def test_a_tag_that_was_answered_waits_again() -> None:
    asked = (tag("t1", "S1", "mei"), agree("a1", "S1", "mei"))
    answer = last(*asked, undo("u", "mei", number(*asked)))
    assert isinstance(answer, SpeakerTagged)


def test_a_guests_name_comes_back() -> None:
    guest = ClaimRequested(
        occurred_at_ms=2,
        session_id=SESSION,
        request_id="g",
        speaker=S1,
        by=UserId("mei"),
        kind=ClaimKind.GUEST,
        guest_name="Uncle Bob",
    )
    answer = last(guest, BY_OWNER, undo("u", "mei", number(guest, BY_OWNER)))
    assert isinstance(answer, SpeakerClaimed)
    assert answer.guest_name == "Uncle Bob"


def test_a_repeat_is_answered_and_changes_nothing() -> None:
    change = number(MINE, BY_OWNER)
    again = undo("u", "mei", change)
    answers = decided(MINE, BY_OWNER, again, again)
    assert answers[-1] == answers[-2]
    assert set(truth(run([*COUNTS, MINE, BY_OWNER, again, again]))) == {"mei"}


def test_a_repeated_undoing_tells_nobody_elses_change() -> None:
    """The warehouse has a row for each change, and the newest of a voice is its claim."""
    back = undo("u1", "mei", number(MINE, BY_OWNER))
    since = (release("r2", "S1", "mei"), claim("c2", "S1", "raj"), claim("c3", "S2", "owner"))
    *before, repeated = decided(MINE, BY_OWNER, back, *since, back)
    assert repeated == before[2]


def test_an_undone_change_can_be_undone() -> None:
    change = number(MINE, BY_OWNER)
    back = undo("u1", "mei", change)
    once_more = undo("u2", "owner", number(MINE, BY_OWNER, back))
    assert isinstance(last(MINE, BY_OWNER, back, once_more), SpeakerReleased)


def taken_from_mei(*voices: str) -> list[Event]:
    """The owner takes Mei's voice, and changes claims of these so often that nothing has room."""
    events: list[Event] = [MINE, BY_OWNER]
    for n in range(MOST_CHANGES):
        voice = voices[n % len(voices)]
        events += [claim(f"c {n}", voice, "owner"), release(f"r {n}", voice, "owner")]
    return events


@pytest.mark.parametrize("voices", [("S1",), ("S2",), ("S1", "S2")])
def test_nobody_makes_a_change_final_by_many_more(voices: tuple[str, ...]) -> None:
    """Before, twenty changes were remembered, whoever made them."""
    answer = last(*taken_from_mei(*voices), undo("u", "mei", number(MINE, BY_OWNER)))
    assert isinstance(answer, SpeakerClaimed)
    assert answer.user_id == "mei"


def test_the_changes_that_are_remembered_are_bounded() -> None:
    table: dict[str, bytes] = {}
    folding.run(fold, [*COUNTS, *taken_from_mei("S1", "S2")], table)
    assert table[SESSION].count(b'"number"') == MOST_CHANGES


def test_old_changes_are_forgotten() -> None:
    rounds = [
        event
        for n in range(MOST_CHANGES + 1)
        for event in (claim(f"c{n}", "S1", f"p{n % 2}"), release(f"r{n}", "S1", f"p{n % 2}"))
    ]
    assert reason(*rounds, undo("u", "p0", number(rounds[0]))) == "no_such_change"


def test_who_leaves_is_in_no_history() -> None:
    table: dict[str, bytes] = {}
    events = [MINE, BY_OWNER, claim("c2", "S1", "raj"), release("r2", "S1", "raj"), forget("mei")]
    folding.run(fold, [*COUNTS, *events], table)
    assert not [body for body in table.values() if b"mei" in body]
    assert [body for body in table.values() if b"raj" in body]


@pytest.mark.parametrize(
    "said",
    [
        replace(claim("c", "S1", "mei"), kind=ClaimKind.GUEST, guest_name="Tom", event_id=""),
        replace(claim("c", "S1", "mei"), kind=ClaimKind.USER, user_id=UserId("raj"), event_id=""),
        tag("t", "S1", "raj", by="mei"),
    ],
    ids=["guest", "claim of another", "tag"],
)
def test_what_who_leaves_said_of_others_stays_without_their_name(said: Event) -> None:
    """Before, a merge told the claim again, as of now, with the id of somebody erased."""
    table: dict[str, bytes] = {}
    events = [*COUNTS, said, forget("mei")]
    sent = folding.run(fold, events, table)
    assert not [body for body in table.values() if b"mei" in body]
    assert not [one for one in sent if isinstance(one, SpeakerReleased)]
    moved = decided_in(folding.run(fold, merged("S2", "S1"), table))
    assert "mei" not in str(moved)
    if not isinstance(said, TagRequested):
        assert any(isinstance(one, SpeakerClaimed) and one.speaker == "S2" for one in moved)


def test_the_guest_of_who_leaves_is_told_to_be_nobodys() -> None:
    """Before, the fold `sessions` kept the id, and every merge asked for somebody who left."""
    guest = replace(claim("c", "S1", "mei"), kind=ClaimKind.GUEST, guest_name="Tom", event_id="")
    named, told = decided(guest, forget("mei"))
    assert isinstance(named, SpeakerClaimed)
    assert isinstance(told, SpeakerClaimed)
    assert (told.speaker, told.guest_name, told.by) == ("S1", "Tom", NOBODY)
    assert told.claim_version > named.claim_version
    own, lost = decided(MINE, forget("mei"))
    assert isinstance(lost, SpeakerReleased)
    assert lost.claim_version > number(MINE)
    assert own == decided(MINE)[-1]


def test_what_somebody_says_who_came_back_is_theirs() -> None:
    """The request to forget them may come late."""
    guest = replace(claim("c", "S1", "mei"), kind=ClaimKind.GUEST, guest_name="Tom", event_id="")
    newer = replace(guest, occurred_at_ms=9)
    again = replace(newer, request_id="c2", guest_name="Tim", event_id="")
    assert isinstance(last(newer, forget("mei"), again), SpeakerClaimed)
