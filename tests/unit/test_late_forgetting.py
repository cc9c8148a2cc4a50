"""The request to forget a person comes late: what was done since stays, and can be undone."""

from typing import TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.claim_events import (
    ClaimKind,
    ClaimRejected,
    CountJudged,
    Requested,
    SpeakerClaimed,
    SpeakerReleased,
)
from schemas.event import Event
from schemas.ids import UserId
from streams.credits.fold import fold
from streams.credits.state import Claim, Ledger, Tag
from tests import folding
from tests.credit_history import (
    COUNTS,
    SESSION,
    agree,
    claim,
    constrained,
    forget,
    generation,
    merged,
    release,
    tag,
)
from tests.unit.test_claim_history import MINE, last, number, undo
from tests.verdict_history import verdict

COUNTED_MS = 1
LEFT_MS = forget("mei").occurred_at_ms
MEI = UserId("mei")
EventT = TypeVar("EventT", bound=Event)
PEOPLE = ("mei", "raj", "owner")


def since(event: EventT) -> EventT:
    """The same request, made after the person asked to leave."""
    return replace(event, occurred_at_ms=LEFT_MS + 5)


BACK = since(claim("c9", "S1", "mei"))
TAKEN = since(release("r9", "S1", "owner"))


def test_who_came_back_undoes_what_was_done_to_them_since() -> None:
    """Before, the daily look at who left dropped the change: it could not be undone."""
    undone = undo("u", "mei", number(BACK, TAKEN))
    answer = last(BACK, TAKEN, forget("mei"), undone)
    assert isinstance(answer, SpeakerClaimed)
    assert answer.user_id == "mei"


def test_what_who_left_did_to_others_can_be_undone() -> None:
    """Before, nobody could: the change was dropped with everything that named the person."""
    taken = (
        tag("t", "S1", "raj", by="mei"),
        agree("a", "S1", "raj"),
        release("r", "S1", "mei"),
        claim("c", "S1", "mei"),
    )
    undone = undo("u", "raj", number(*taken[:3]))
    for leaves in ((), (forget("mei"),)):
        answer = last(*taken, *leaves, undone)
        assert isinstance(answer, SpeakerClaimed)
        assert answer.user_id == "raj"


def test_a_change_of_what_was_theirs_gives_nothing_back() -> None:
    change = number(MINE, TAKEN)
    answer = last(MINE, TAKEN, forget("mei"), undo("u", "owner", change))
    assert isinstance(answer, SpeakerReleased)


def test_a_claim_of_who_came_back_parts_with_its_voice_again() -> None:
    """It had moved with a merge. Before, the merged voice was forgotten with the claim."""
    apart = [constrained(3), *generation(3)]
    events: list[Event] = [*COUNTS, since(claim("c", "S2", "mei")), *merged("S1", "S2")]
    claims = ledger_of([*events, forget("mei"), *apart]).claims
    assert {label: one.user_id for label, one in claims.items()} == {"S2": "mei"}


def test_a_guest_that_who_left_had_named_parts_with_its_voice_again() -> None:
    named = replace(claim("c", "S2", "mei"), kind=ClaimKind.GUEST, guest_name="Tom", event_id="")
    apart = [constrained(3), *generation(3)]
    claims = ledger_of([*COUNTS, named, *merged("S1", "S2"), forget("mei"), *apart]).claims
    assert {label: one.guest_name for label, one in claims.items()} == {"S2": "Tom"}


def ledger_of(events: list[Event]) -> Ledger:
    table: dict[str, bytes] = {}
    folding.run(fold, events, table)
    return msgspec.json.decode(table[SESSION], type=Ledger)


@st.composite
def requests(draw: st.DrawFn) -> list[Event]:
    """Claims, tags and releases of three people, each before or after one of them asks to leave."""
    made: list[Event] = []
    for n in range(draw(st.integers(0, 8))):
        asked = draw(st.sampled_from([claim, release, agree, tag]))
        request = asked(f"r{n}", draw(st.sampled_from(["S1", "S2"])), draw(st.sampled_from(PEOPLE)))
        request = replace(request, by=draw(st.sampled_from(PEOPLE)))
        made.append(since(request) if draw(st.booleans()) else request)
    return made


def held_in(ledger: Ledger) -> list[tuple[str, Claim | Tag]]:
    return [*ledger.claims.items(), *ledger.tags.items()]


def names_mei(held: Claim | Tag | None) -> bool:
    """As of before the request."""
    return held is not None and held.made_ms <= LEFT_MS and MEI in (held.by, held.user_id)


def newer(ledger: Ledger) -> list[tuple[int, UserId]]:
    return [(one.number, one.by) for one in ledger.history if one.made_ms > LEFT_MS]


@given(made=requests())
def test_nothing_of_before_names_the_person_and_everything_since_stays(made: list[Event]) -> None:
    before = ledger_of([*COUNTS, *made])
    after = ledger_of([*COUNTS, *made, forget("mei")])
    assert newer(after) == newer(before)
    assert [one.number for one in after.history] == [one.number for one in before.history]
    assert not any(names_mei(held) for _, held in held_in(after))
    for change in after.history:
        assert not names_mei(change.claim)
        assert not names_mei(change.tag)
        assert change.by != MEI or change.made_ms > LEFT_MS
    stayed = [one for one in held_in(before) if one[1].made_ms > LEFT_MS]
    assert [one for one in held_in(after) if one[1].made_ms > LEFT_MS] == stayed


LATE = {
    "a claim of theirs": claim("late", "S1", "mei"),
    "a tag of theirs": tag("late", "S1", "raj", by="mei"),
    "a tag for them": tag("late", "S1", "mei"),
    "an agreement of theirs": agree("late", "S1", "mei"),
    "a claim for them": replace(
        claim("late", "S1", "raj"), kind=ClaimKind.USER, user_id=MEI, event_id=""
    ),
    "an undoing of theirs": undo("late", "mei", number(MINE)),
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
def test_a_request_of_before_does_not_bring_the_person_back(late: Requested) -> None:
    """As from a dead letter. Before, it stayed until the daily look at people who left."""
    elsewhere = replace(claim("m", "S2", "mei"), occurred_at_ms=LEFT_MS - 1, event_id="")
    answer = last(elsewhere, forget("mei"), replace(late, occurred_at_ms=LEFT_MS, event_id=""))
    assert isinstance(answer, ClaimRejected)
    kept = ledger_of([*COUNTS, elsewhere, forget("mei"), late])
    assert not kept.claims
    assert not kept.tags


def test_a_verdict_of_before_is_not_that_of_who_came_back() -> None:
    late = replace(verdict("late", COUNTED_MS), occurred_at_ms=LEFT_MS, event_id="")
    back = since(claim("c", "S1", "mei"))
    assert isinstance(last(MINE, forget("mei"), back, late), ClaimRejected)
    assert isinstance(last(MINE, forget("mei"), back, since(late)), CountJudged)


def test_the_latest_leaving_counts() -> None:
    """An erasure that is sent back from the dead letters is older than the next one."""
    again = since(forget("mei"))
    late = replace(claim("late", "S1", "mei"), occurred_at_ms=LEFT_MS + 1)
    assert isinstance(last(MINE, again, forget("mei"), late), ClaimRejected)
