"""A decision as an HTTP answer: the fold that owns the thing decides, the gateway waits for it."""

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Annotated

from fastapi import Depends, Response

from adapters.http.problems import HttpProblem, Responses, documented
from producers.gateway.answer_models import (
    Accepted,
    ClaimAnswer,
    Claimed,
    EraseAnswer,
    Erased,
    GroupAccepted,
    GroupAnswer,
    Judged,
    Pending,
    Released,
    RequestAnswer,
    Tagged,
)
from producers.gateway.dependencies import CurrentRequest, Provided, Services, key_reused
from producers.gateway.directory import ClaimDecision, Decision
from producers.gateway.rejections import rejection
from producers.gateway.request_events import ClientRequest
from schemas import topics
from schemas.claim_events import (
    VERDICT_NAMES,
    ClaimRejected,
    CountJudged,
    Requested,
    SpeakerClaimed,
    SpeakerReleased,
    SpeakerTagged,
)
from schemas.days import moment
from schemas.event import Event, SessionEvent
from schemas.fact_sheet import Topic
from schemas.people_events import GroupChangeDecided, GroupChangeRequested, UserChangeDecided
from schemas.session_events import RequestAccepted, RequestRejected, SessionErased
from schemas.session_requests import EraseRequested

ABOUT = ("session_id", "group_id", "user_id", "by")
ABOUT_A_CLAIM = ("session_id", "speaker", "by")
"""Fields that a decision has from its request. The user of a claim may be another one."""
ANSWER_WAIT_S = 5.0
"""Longer than a decision takes when all is well, shorter than people wait."""
MOST_WAITING = 32
"""Requests at a time. Each holds one of a process's forty threads: some are left for tokens."""
MOST_WAITING_OF_CALLER = 8
"""Of these, requests of one caller."""
Hidden = Callable[[], HttpProblem]


def decided(pending: type[Pending] = Pending) -> Responses:
    """`responses=` of a route that answers with a decision."""
    not_yet = "Not decided within 5 s: `see` says where to look"
    return {202: {"model": pending, "description": not_yet}, **documented(409, 410)}


class Decider:
    """Publishes the caller's request and answers with the decision about it. Blocking.

    Every method raises HttpProblem for a rejected request, and 503 when Kafka is away. After
    ANSWER_WAIT_S without a decision it answers `Pending`, with status 202.
    """

    def __init__(self, services: Services, request: ClientRequest, response: Response) -> None:
        self._ingest = services.ingest
        self._directory = services.directory
        self._keys = services.keys
        self._request_id = request.request_id
        self._asked = request.asked
        self._response = response

    def claim(self, event: Requested, hidden: Hidden | None = None) -> ClaimAnswer:
        """The credits fold decides. A caller who may not know the reason gets `hidden` instead."""
        decision = self._decide(topics.CLAIMS_REQUESTED, event, hidden)
        if decision is None:
            return self._pending()
        return self._claim_answer(decision)

    def _claim_answer(self, decision: Event) -> ClaimAnswer:
        match decision:
            case SpeakerClaimed():
                return Claimed(
                    request_id=self._request_id,
                    speaker=decision.speaker,
                    kind=decision.kind,
                    unclaimed=decision.unclaimed,
                )
            case SpeakerReleased():
                return Released(
                    request_id=self._request_id,
                    speaker=decision.speaker,
                    unclaimed=decision.unclaimed,
                )
            case SpeakerTagged():
                return Tagged(
                    request_id=self._request_id,
                    speaker=decision.speaker,
                    user_id=decision.user_id,
                )
            case CountJudged():
                return self._judged(decision)
        raise key_reused()

    def _judged(self, decision: CountJudged) -> Judged:
        return Judged(
            request_id=self._request_id,
            speaker=decision.speaker,
            word=decision.word,
            said_at=moment(decision.said_at_ms),
            verdict=VERDICT_NAMES[decision.verdict],
        )

    def session(self, event: SessionEvent) -> RequestAnswer:
        """The sessions fold decides."""
        return self._accepted(topics.INBOUND, event, RequestAccepted)

    def erasure(self, event: EraseRequested) -> EraseAnswer:
        """The sessions fold decides. Then the session's objects go, before the answer."""
        match self._decide(topics.INBOUND, event):
            case None:
                return self._pending()
            case SessionErased():
                self._ingest.erase(event.session_id)
                return Erased(request_id=self._request_id)
        raise key_reused()

    def parts(self, events: Sequence[EraseRequested]) -> None:
        """The same for parts of a request that is accepted. Nobody is told of a refusal.

        Objects of sessions that are not decided in time go later: by the stage `erasure`.
        """
        taken = self._directory.taken
        for event in events:
            self._ingest.publish(topics.INBOUND, event)
        for event in events:
            match self._directory.await_decision(event.request_id, ANSWER_WAIT_S, taken):
                case None:
                    return
                case SessionErased():
                    self._ingest.erase(event.session_id)

    def group(self, event: GroupChangeRequested) -> GroupAnswer:
        """The groups fold decides."""
        decision = self._decide(topics.GROUPS_REQUESTED, event)
        match decision:
            case None:
                return self._pending()
            case GroupChangeDecided():
                return GroupAccepted(request_id=self._request_id, group_id=decision.group_id)
        raise key_reused()

    def user(self, event: Event) -> RequestAnswer:
        """The users fold decides."""
        return self._accepted(topics.USERS_REQUESTED, event, UserChangeDecided)

    def _accepted(self, topic: Topic, event: Event, kind: type[Event]) -> RequestAnswer:
        """`kind`: of the decision that accepts the event."""
        decision = self._decide(topic, event)
        if decision is None:
            return self._pending()
        if not isinstance(decision, kind):
            raise key_reused()
        return Accepted(request_id=self._request_id)

    def _decide(self, topic: Topic, event: Event, hidden: Hidden | None = None) -> Decision | None:
        is_meant = partial(_may_be_about, event)
        former = self._directory.decision(self._request_id)
        is_first = self._keys.take(self._request_id, self._asked)
        if not is_first or (former is not None and not is_meant(former)):
            raise key_reused()
        taken = self._directory.taken
        self._ingest.publish(topic, event)
        decision = self._directory.await_decision(self._request_id, ANSWER_WAIT_S, taken, is_meant)
        reason = _reason(decision)
        if reason is not None:
            raise hidden() if hidden else rejection(reason)
        return decision

    def _pending(self) -> Pending:
        self._response.status_code = 202
        return Pending(request_id=self._request_id, see=f"/v1/requests/{self._request_id}")


async def _decider(
    services: Provided, request: CurrentRequest, response: Response
) -> AsyncIterator[Decider]:
    async with services.turns.of(request.by):
        yield Decider(services, request, response)


CurrentDecider = Annotated[Decider, Depends(_decider, scope="function")]
"""Decides the caller's request, in a turn of the caller's. HttpProblem 503 when there is none."""


def _may_be_about(request: Event, decision: Decision) -> bool:
    """Whether the decision may be the answer to this request."""
    is_of_claim = isinstance(decision, ClaimDecision)
    if is_of_claim != isinstance(request, Requested):
        return False
    names = ABOUT_A_CLAIM if is_of_claim else ABOUT
    shared = [name for name in names if hasattr(decision, name)]
    return all(getattr(request, name, None) == getattr(decision, name) for name in shared)


def _reason(decision: Decision | None) -> str | None:
    match decision:
        case ClaimRejected() | RequestRejected() | GroupChangeDecided() | UserChangeDecided():
            return decision.reason
    return None
