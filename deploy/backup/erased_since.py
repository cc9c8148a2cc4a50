"""Erases again what was erased after a backup was taken. Blocking; repeatable.

Objects and rows of sessions go at once. The folds are asked for the rest, as people asked them.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache

from adapters.erasure.erasable_objects import erase_session
from adapters.erasure.erasable_rows import Days, erase_rows, mark_session
from adapters.erasure.record import ErasureRecord, Recorded
from adapters.kafka.ends import places_of
from adapters.kafka.publisher import PublishEvents
from adapters.objects.store import BlobStore
from adapters.warehouse import Statements, TypedRow
from deploy.backup.folder import Folder
from schemas import topics
from schemas.codec import decode
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, UserId, derived_id
from schemas.limits import DAY_MS
from schemas.people_events import ShareListing, ShareRequested, UserErased, UserErasureRequested
from schemas.phone_events import SessionStarted
from schemas.rejections import Rejected
from schemas.session_events import SessionErased
from schemas.session_requests import EraseRequested
from schemas.topics import INBOUND

BEFORE_MS = DAY_MS
"""Erasures of so long before the backup are asked for again: it may have met one half done."""
OWNER = "SELECT owner FROM sessions FINAL WHERE session_id = {session:String}"
Requests = list[tuple[Topic, Event]]
Owners = Callable[[], Mapping[SessionId, UserId]]
"""Returns the owners of the sessions that began in the log of a backup."""


class Owned(TypedRow, frozen=True, kw_only=True):
    """The owner of a session."""

    owner: UserId


def erase_again(
    record: ErasureRecord,
    taken_at_ms: int,
    blobs: BlobStore,
    warehouse: Statements,
    publish: PublishEvents,
    owners: Owners,
) -> int:
    """Return how many erasures and ends of links there were.

    `owners` is asked for sessions that began while the backup was taken: their rows are not in it.
    """
    number = 0
    for event in record.since(taken_at_ms - BEFORE_MS):
        if isinstance(event, SessionErased):
            erase_session(blobs, event.session_id)
            days = Days.of(event.recorded_at_ms, event.audio_ms)
            mark_session(warehouse, event.session_id, days)
            erase_rows(warehouse, event.session_id, days)
        publish(_requests(warehouse, owners, event))
        number += 1
    return number


def owners_in(folder: Folder) -> Owners:
    """The owners of the sessions whose start is in the log of a backup, which is read when asked.

    The first start of an id in the log owns it.
    """

    @cache
    def owners() -> Mapping[SessionId, UserId]:
        found: dict[SessionId, UserId] = {}
        for place in places_of([INBOUND]):
            for record in folder.records(place):
                with suppress(Rejected):
                    event = decode(INBOUND, record.value)
                    if isinstance(event, SessionStarted):
                        found.setdefault(event.session_id, event.owner)
        return found

    return owners


def _requests(warehouse: Statements, owners: Owners, event: Recorded) -> Requests:
    """The request that this event followed from, to be sent again.

    That of a person has its former id, by which the fold remembers it.
    """
    match event:
        case SessionErased():
            return _erasure_of_session(warehouse, owners, event)
        case UserErased():
            again = UserErasureRequested(
                occurred_at_ms=event.occurred_at_ms,
                user_id=event.user_id,
                request_id=event.request_id,
            )
            return [(topics.USERS_REQUESTED, again)]
        case ShareListing():
            revoked = ShareRequested(
                occurred_at_ms=event.occurred_at_ms,
                user_id=event.user_id,
                request_id=derived_id("RevokedAgain", event.share),
                share=event.share,
                first="",
                last="",
                show_name=False,
                revoke=True,
            )
            return [(topics.USERS_REQUESTED, revoked)]


def _erasure_of_session(warehouse: Statements, owners: Owners, event: SessionErased) -> Requests:
    """Nothing for a session that the backup does not know."""
    owner = _owner(warehouse, owners, event.session_id)
    if owner is None:
        return []
    again = EraseRequested(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=derived_id("ErasedAgain", event.session_id),
        by=owner,
    )
    return [(topics.INBOUND, again)]


def _owner(warehouse: Statements, owners: Owners, session_id: SessionId) -> UserId | None:
    """The owner by the session's row, or else by its start in the log; None without both."""
    rows = warehouse.query(OWNER, {"session": session_id}, row=Owned)
    if rows:
        return rows[0].owner
    return owners().get(session_id)
