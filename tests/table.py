"""A gateway with the folds that decide behind it, and a group with a session that is counted."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from schemas.claim_events import Requested
from schemas.event import Event
from schemas.ids import UserId
from schemas.people_events import GroupAction, GroupChangeRequested, UserRequest
from schemas.session_events import SessionSealed, State
from schemas.session_requests import EraseRequested
from schemas.speech_events import SpeakersIdentified
from schemas.word_events import WordsCounted
from streams.credits.fold import fold as credits_fold
from streams.groups.fold import fold as groups_fold
from streams.users.fold import fold as users_fold
from tests.credit_history import COUNTS
from tests.deciding_folds import GROUP, accepting, erased
from tests.folding import run
from tests.write_side import SESSION, WriteSide, listing

Change = tuple[str, GroupAction, str | None]
"""Of a group: who makes it, its kind, and whom it is about."""


def with_table(people: Iterable[Change], claims: Iterable[Event]) -> WriteSide:
    """A gateway, a group with its session that is counted, changes of its people, then claims."""
    folds = _Folds()
    made = WriteSide(folds)
    made.directory.take(listing(group_id=GROUP))
    for n, (user, action, about) in enumerate(people):
        for answer in folds(_change(n, user, action, about)):
            made.directory.take(answer)
    for event in [*map(_of_session, COUNTS), *claims]:
        folds(event)
    return made


class _Folds:
    """The folds behind a gateway. Requests to the sessions fold are accepted."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def __call__(self, event: Event) -> Sequence[Event]:
        if isinstance(event, EraseRequested):
            return [erased(event), listing(state=State.ERASED, group_id=GROUP)]
        if isinstance(event, UserRequest):
            return run(users_fold, [event], self._held)
        if isinstance(event, GroupChangeRequested):
            return run(groups_fold, [event], self._held)
        if isinstance(event, Requested | SessionSealed | SpeakersIdentified | WordsCounted):
            return run(credits_fold, [event], self._held)
        return accepting(event) if getattr(event, "request_id", "") else []


def _change(n: int, user: str, action: GroupAction, about: str | None) -> GroupChangeRequested:
    return GroupChangeRequested(
        occurred_at_ms=0,
        group_id=GROUP,
        request_id=f"p{n}",
        by=UserId(user),
        action=action,
        name="makan",
        user_id=UserId(about) if about else None,
        invite="digest",
        invite_until_ms=1,
    )


def _of_session(event: Event) -> Event:
    about: dict[str, Any] = {"session_id": SESSION, "event_id": ""}
    return replace(event, **about)
