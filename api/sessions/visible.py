"""Sessions as far as a caller may know of them. `schemas.access` has the rule. Blocking."""

from collections.abc import Collection

from adapters.http.problems import not_found
from adapters.warehouse import Queries
from api.sessions import queries
from api.sessions.rows import FieldsRow, SessionRow, StandingRow
from schemas.access import Act, Standing, may
from schemas.ids import SessionId, UserId


class VisibleSessions:
    """Every answer about one session begins here. TransientError when the warehouse is away."""

    def __init__(self, warehouse: Queries) -> None:
        self._warehouse = warehouse

    def row(
        self,
        session_id: SessionId,
        user: UserId,
        act: Act = Act.SEE,
    ) -> SessionRow:
        """The session. HttpProblem 404 when there is none, or when the caller may not do this."""
        row = self.session(session_id)
        if row is None or not _is_owners(row, user, act):
            self.check(session_id, user, act)
        if row is None:  # it came since
            raise not_found()
        return row

    def session(self, session_id: SessionId) -> SessionRow | None:
        """The session, whoever may see it; None when there is none."""
        parameters = {"session_id": session_id}
        return SessionRow.of(self._warehouse.query(queries.SESSION, parameters, row=FieldsRow))

    def seeing(self, row: SessionRow, users: Collection[UserId]) -> list[UserId]:
        """Those of `users` who may see the session."""
        return [
            user
            for user in users
            if _is_owners(row, user, Act.SEE) or self.allows(row.session_id, user)
        ]

    def check(self, session_id: SessionId, user: UserId, act: Act = Act.SEE) -> None:
        """HttpProblem 404 when there is no such session, or when the caller may not do this."""
        if not self.allows(session_id, user, act):
            raise not_found()

    def allows(
        self,
        session_id: SessionId,
        user: UserId,
        act: Act = Act.SEE,
    ) -> bool:
        """Whether the caller may do this in the session."""
        return may(self._standing(session_id, user), act)

    def _standing(self, session_id: SessionId, user: UserId) -> Standing:
        parameters = {"session_id": session_id, "user": user}
        result = self._warehouse.query(queries.STANDING, parameters, row=StandingRow)
        return result[0].standing() if result else Standing()


def _is_owners(row: SessionRow, user: UserId, act: Act) -> bool:
    """Whether the user may do this as the owner: no other relation need be looked up."""
    return may(Standing(recorded=row.owner == user), act)
