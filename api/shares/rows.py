"""Rows of the queries about share links."""

from datetime import date, datetime

from adapters.warehouse import TypedRow
from schemas.ids import UserId


class LinkRow(TypedRow, frozen=True):
    """A link of the caller. `share` is the digest of its secret and opens nothing."""

    share: str
    first: date
    last: date
    show_name: bool
    made_at: datetime


class SharedRow(TypedRow, frozen=True):
    """The Wrapped that a link shows."""

    user_id: UserId
    first: date
    last: date
    show_name: bool
