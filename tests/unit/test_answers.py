"""A repeated request gets the answer of the first one, in every fold. The memory is bounded."""

from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from schemas.claim_events import ClaimKind, ClaimRequested, Decided
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.people_events import (
    GroupAction,
    GroupChangeDecided,
    GroupChangeRequested,
    UserChangeDecided,
    UserChangeRequested,
)
from schemas.session_events import RequestAccepted, RequestRejected, SessionSealed
from schemas.session_requests import HintRequested
from streams.answers import KEPT, Answer, Answers, digest
from streams.credits.fold import fold as credits_fold
from streams.fold import Outputs
from streams.groups.fold import fold as groups_fold
from streams.sessions.fold import shape as sessions_shape
from streams.store import Store
from streams.users.fold import fold as users_fold
from tests import folding
from tests.session_history import ENDED, RULES, STARTED, chunk

LARGEST_STATE = 24_000
"""Bytes that remembered answers may add to a state."""


def request_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def answer(number: int) -> Answer:
    return Answer(digest(claim(request_id(number))), number, "no_such_speaker", left=12)


def found(answers: Answers, number: int) -> Answer | None:
    return answers.get(request_id(number), claim(request_id(number)))


def filled(count: int) -> Answers:
    answers = Answers()
    for number in range(count):
        answers = answers.adding(request_id(number), answer(number))
    return answers


def test_an_answer_is_found_until_as_many_newer_ones_came_as_are_kept() -> None:
    answers = filled(KEPT)
    assert found(answers, 0) == answer(0)
    answers = answers.adding(request_id(KEPT), answer(KEPT))
    assert found(answers, 0) is None
    assert found(answers, 1) == answer(1)
    assert found(answers, KEPT) == answer(KEPT)


def test_the_memory_is_bounded() -> None:
    answers = filled(3 * KEPT)
    assert len(answers.by_request) == KEPT
    assert len(msgspec.json.encode(answers)) <= LARGEST_STATE


def test_an_answer_that_is_given_again_is_the_newest() -> None:
    answers = filled(KEPT).adding(request_id(0), answer(0))
    answers = answers.adding(request_id(KEPT), answer(KEPT))
    assert found(answers, 0) == answer(0)
    assert found(answers, 1) is None


def test_the_memory_is_read_as_it_was_written() -> None:
    body = msgspec.json.encode(filled(3))
    read = msgspec.json.decode(body, type=Answers)
    assert read == filled(3)
    assert list(read.by_request) == list(filled(3).by_request)


def sessions(store: Store, event: Event) -> Outputs:
    return sessions_shape(RULES).run(store, event)


def hint(request: str, speakers: int = 2) -> HintRequested:
    return HintRequested(
        occurred_at_ms=10,
        session_id=STARTED.session_id,
        request_id=request,
        by=STARTED.owner,
        speakers=speakers,
    )


def claim(request: str) -> ClaimRequested:
    return ClaimRequested(
        occurred_at_ms=10,
        session_id=STARTED.session_id,
        request_id=request,
        speaker=SpeakerLabel("S1"),
        by=UserId("mei"),
        kind=ClaimKind.SELF,
    )


CLAIM_OF_BENG = replace(claim("b"), kind=ClaimKind.USER, user_id=UserId("beng"))


def group_change(request: str, action: GroupAction = GroupAction.CREATE) -> GroupChangeRequested:
    return GroupChangeRequested(
        occurred_at_ms=10,
        group_id="g",
        request_id=request,
        by=UserId("ann"),
        action=action,
        name=request,
    )


def profile_change(request: str) -> UserChangeRequested:
    return UserChangeRequested(
        occurred_at_ms=10,
        user_id=UserId("ann"),
        request_id=request,
        display_name=request,
    )


Case = tuple[Callable[[Store, Event], Outputs], list[Event], Event, Event]
CASES: dict[str, Case] = {
    "sessions": (sessions, [STARTED, *map(chunk, range(4)), ENDED], hint("a"), hint("b", 3)),
    "credits": (credits_fold, [], claim("a"), CLAIM_OF_BENG),
    "groups": (groups_fold, [], group_change("a"), group_change("b", GroupAction.RENAME)),
    "users": (users_fold, [], profile_change("a"), profile_change("b")),
}
ANSWER = RequestAccepted | RequestRejected | Decided | GroupChangeDecided | UserChangeDecided


def answers_of(events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, ANSWER)]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_fold_answers_a_repeat_as_it_answered_first(case: Case) -> None:
    fold, before, first, other = case
    answers = answers_of(folding.run(fold, [*before, first, other, first]))
    assert len(answers) == 3
    assert answers[2] == answers[0] != answers[1]


def test_a_repeated_hint_is_for_one_generation() -> None:
    """Both wait for the end of the first one."""
    fold, before, first, other = CASES["sessions"]
    out = folding.run(fold, [*before, first, other, first, first])
    assert [event.generation for event in out if isinstance(event, SessionSealed)] == [1]
    accepted = [event.generation for event in out if isinstance(event, RequestAccepted)]
    assert accepted == [2, 3, 2, 2]


def test_a_repeat_after_the_bound_is_decided_as_a_new_request() -> None:
    newer = [group_change(f"n{n}", GroupAction.RENAME) for n in range(KEPT)]
    first = group_change("a")
    answers = answers_of(folding.run(groups_fold, [first, *newer, first]))
    reasons = [answer.reason for answer in answers if isinstance(answer, GroupChangeDecided)]
    assert reasons == [None] * (KEPT + 1) + ["already_there"]
    assert answers[-1].event_id == answers[0].event_id


def test_an_answer_remembers_no_user() -> None:
    table: dict[str, bytes] = {}
    folding.run(credits_fold, [CLAIM_OF_BENG, claim("a")], table)
    assert not [body for body in table.values() if b"beng" in body or b"mei" in body]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_another_request_with_the_same_id_is_rejected(case: Case) -> None:
    fold, before, first, other = case
    reused = replace(other, request_id="a", event_id="")
    _, answer = answers_of(folding.run(fold, [*before, first, reused]))
    assert getattr(answer, "reason", None) == "key_reused"
