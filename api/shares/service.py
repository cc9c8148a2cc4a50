"""Cards to pass on, the caller's own and those behind a link. Blocking."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from adapters.http.problems import not_found
from adapters.warehouse import Queries, Row
from api.shares import picture
from api.users import queries
from api.users.service import Users
from schemas.ids import UserId, secret_digest


@dataclass(frozen=True)
class Shared:
    """What a link leads to: a Wrapped, and the name that stands on it (empty: none)."""

    wrapped: dict[str, Any]
    name: str

    def alt(self) -> str:
        """In words."""
        return picture.alt(self.wrapped)

    def svg(self, shape: str) -> str:
        """As a picture."""
        return picture.card(self.wrapped, shape, self.name)


class Sharing:
    """A link is good for whoever has it; its secret is kept nowhere, only its digest."""

    def __init__(self, warehouse: Queries, people: Users) -> None:
        self._warehouse, self._people = warehouse, people

    def links(self, user: UserId) -> dict[str, Any]:
        """The caller's links that are good."""
        return {
            "shares": [
                _link(row) for row in self._warehouse.query(queries.MY_SHARES, {"user": user})
            ]
        }

    def own(self, user: UserId, period: str, first: date, last: date, *, show_name: bool) -> Shared:
        """The caller's card."""
        return Shared(
            self._people.wrapped(user, period, first, last),
            self._people.name(user) if show_name else "",
        )

    def behind(self, secret: str) -> Shared:
        """What a link leads to; Refusal 404 when it is revoked, or never was."""
        rows = self._warehouse.query(queries.SHARE, {"share": secret_digest(secret)})
        if not rows:
            raise not_found("link")
        user, first, last = UserId(rows[0]["user_id"]), rows[0]["first"], rows[0]["last"]
        return self.own(user, f"{first}..{last}", first, last, show_name=rows[0]["show_name"])


def _link(row: Row) -> dict[str, Any]:
    days = {"from": row["first"].isoformat(), "to": row["last"].isoformat()}
    return {
        "share": row["share"],
        **days,
        "show_name": row["show_name"],
        "made_at": row["made_at"].isoformat(),
    }
