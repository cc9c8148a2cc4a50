"""Share cards: the caller's own, and those behind a link."""

from dataclasses import dataclass

from adapters.http.problems import not_found
from adapters.warehouse import Queries
from api.date_range import DateRange
from api.shares import picture, queries
from api.shares.models import ShareLink, ShareLinks
from api.shares.rows import LinkRow, SharedRow
from api.wrapped.models import Wrapped
from api.wrapped.service import WrappedStories
from schemas.ids import UserId, secret_digest


@dataclass(frozen=True)
class ShareCard:
    """A Wrapped as one picture. `name` stands on it; empty: nobody is named."""

    wrapped: Wrapped
    name: str

    def alt(self) -> str:
        """The card in words."""
        return picture.alt(self.wrapped)

    def svg(self, shape: str) -> str:
        """The card as a picture."""
        return picture.card(self.wrapped, shape, self.name)


class Shares:
    """Blocking. TransientError when the warehouse is away.

    A link is good for everybody who has it. Its secret is stored nowhere, only its digest.
    """

    def __init__(self, warehouse: Queries, stories: WrappedStories) -> None:
        self._warehouse = warehouse
        self._stories = stories

    def links(self, user: UserId) -> ShareLinks:
        """The caller's links that are not revoked."""
        result = self._warehouse.query(queries.MY_SHARES, {"user": user}, row=LinkRow)
        return ShareLinks(shares=[_link(row) for row in result])

    def own(self, user: UserId, period: str, days: DateRange, *, show_name: bool) -> ShareCard:
        """The caller's card."""
        story = self._stories.story(user, period, days)
        name = self._stories.name(user) if show_name else ""
        return ShareCard(story, name)

    def behind(self, secret: str) -> ShareCard:
        """The card that a link shows. HttpProblem 404 when it is revoked, or never was."""
        parameters = {"share": secret_digest(secret)}
        result = self._warehouse.query(queries.SHARE, parameters, row=SharedRow)
        if not result:
            raise not_found("link")
        row = result[0]
        days = DateRange(row.first, row.last)
        period = f"{row.first}..{row.last}"
        return self.own(row.user_id, period, days, show_name=row.show_name)


def _link(row: LinkRow) -> ShareLink:
    return ShareLink(
        share=row.share,
        first=row.first,
        last=row.last,
        show_name=row.show_name,
        made_at=row.made_at,
    )
