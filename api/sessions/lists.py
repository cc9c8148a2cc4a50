"""Lists of sessions, page by page."""

import re
from dataclasses import dataclass
from typing import Self

from adapters.http.problems import HttpProblem
from adapters.warehouse import Queries
from api.sessions import queries
from api.sessions.models import SessionList
from api.sessions.row_answers import listed
from api.sessions.rows import ListedRow
from schemas.days import unix_ms_of
from schemas.ids import SessionId, UserId
from schemas.session_events import State

CURSOR = re.compile(r"(?P<recorded_ms>[0-9]{1,13})-(?P<session_id>[0-9a-f-]{1,36})")


@dataclass(frozen=True)
class Cursor:
    """The last session of the page before: its start, in Unix milliseconds, and its id.

    It has the place itself. An id alone would have to be looked up: the answer would tell strangers
    whether there is such a session, and a list would end where one was erased meanwhile.
    """

    recorded_ms: int
    session_id: SessionId

    @classmethod
    def of(cls, text: str) -> Self | None:
        """From `next` of an answer; None for an empty text. HttpProblem 422 for any other one."""
        if not text:
            return None
        found = CURSOR.fullmatch(text)
        if found is None:
            detail = "cursor is `next` of the page before, as it came."
            raise HttpProblem(422, "bad-cursor", "Bad cursor", detail)
        return cls(int(found["recorded_ms"]), SessionId(found["session_id"]))

    def __str__(self) -> str:
        """As clients get it and send it back."""
        return f"{self.recorded_ms}-{self.session_id}"


@dataclass(frozen=True)
class Page:
    """Which sessions of a list: all of the caller, or those of a group.

    `status` None: any. `before` None: the first page.
    """

    status: State | None
    before: Cursor | None
    limit: int
    group_id: str = ""


class SessionLists:
    """Blocking. TransientError when the warehouse is away."""

    def __init__(self, warehouse: Queries) -> None:
        self._warehouse = warehouse

    def page(self, user: UserId, page: Page) -> SessionList:
        """Sessions, newest first."""
        parameters = {
            "user": user,
            "status": page.status or "",
            "before": page.before.session_id if page.before else "",
            "before_ms": page.before.recorded_ms if page.before else 0,
            # One more tells whether a page follows.
            "limit": page.limit + 1,
            "group_id": page.group_id,
        }
        result = self._warehouse.query(queries.SESSIONS, parameters, row=ListedRow)
        shown = result[: page.limit]
        return SessionList(
            sessions=[listed(row) for row in shown],
            next=_after(shown[-1]) if len(result) > len(shown) else None,
        )


def _after(row: ListedRow) -> str:
    return str(Cursor(unix_ms_of(row.recorded_at), row.session_id))
