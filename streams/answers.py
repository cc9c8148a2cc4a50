"""Answers to requests, remembered so that a repeat gets the answer that the first one got."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from schemas.event import Event
from schemas.rejections import KEY_REUSED
from streams.newest import with_newest

KEPT = 200
"""Answers of one session, group or user. Every member of a full group may ask once in between.

An answer takes at most 120 bytes, so answers add at most 24 kB to a state.
"""
LATE_MS = 10_000
"""A request is older than what it is about when it was made so long before that.

The clocks of two gateways differ by less. A request that comes late, from a dead letter say, is
late by minutes.
"""
OF_THE_MOMENT = ("occurred_at_ms", "invite_until_ms", "at_table")
"""Fields of requests that follow from the moment: they differ when a request is repeated."""


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """The part of an answer that the repeated request does not say itself, without ids of users.

    `asked`: digest of the request. `number`: the revision, generation or version that it took
    effect in. `reason`: the reason why it was rejected. `left`: speakers that were not claimed.
    """

    asked: str
    number: int = 0
    reason: str | None = None
    left: int = 0


class Answers(msgspec.Struct, frozen=True):
    """The newest KEPT answers by request id. Pure; part of the state that the requests change.

    A repeat gets the same answer again and changes nothing. The answer keeps its event id.

    A repeat that comes after KEPT newer requests is decided as a new request. A claim of one's own
    speaker is `already_claimed` then, a join changes nothing, a hint opens one more generation.
    """

    by_request: dict[str, Answer] = {}

    def get(self, request_id: str, request: Event) -> Answer | None:
        """Returns the answer to this request; None when there is none, or not any more.

        Another request with the same id is rejected as KEY_REUSED.
        """
        answer = self.by_request.get(request_id)
        if answer is None or answer.asked == digest(request):
            return answer
        return Answer(asked=answer.asked, number=answer.number, reason=KEY_REUSED)

    def adding(self, request_id: str, answer: Answer) -> "Answers":
        """Returns the answers with this one as the newest; drops those over KEPT."""
        return replace(self, by_request=with_newest(self.by_request, request_id, answer, KEPT))


class Revised(msgspec.Struct, frozen=True, kw_only=True):
    """A state that requests change. Every accepted one raises its revision."""

    revision: int = 0
    answers: Answers = Answers()


StateT = TypeVar("StateT", bound=Revised)
RequestT = TypeVar("RequestT", bound=Event)


def answered(
    state: StateT,
    request_id: str,
    request: RequestT,
    *,
    refusal: Callable[[StateT, RequestT], str | None],
    changed: Callable[[StateT, RequestT], StateT],
) -> tuple[StateT, Answer]:
    """Returns the state after the request, and its answer. Pure.

    A repeated request gets the answer of the first one and changes nothing.
    """
    answer = state.answers.get(request_id, request)
    if answer is not None:
        return state, answer
    reason = refusal(state, request)
    if reason is None:
        state = changed(state, request)
    answer = Answer(digest(request), state.revision, reason)
    return replace(state, answers=state.answers.adding(request_id, answer)), answer


def is_older(request: Event, than_ms: int) -> bool:
    """Whether the request was made before a moment (Unix), and not by a clock that is behind."""
    return request.occurred_at_ms + LATE_MS <= than_ms


def digest(request: Event) -> str:
    """Returns 16 digits that follow from all that is asked; the moment does not matter."""
    moment = {name: 0 for name in OF_THE_MOMENT if name in request.__struct_fields__}
    asked = msgspec.json.encode(replace(request, **moment))
    return hashlib.sha256(asked).hexdigest()[:16]
