"""Share cards: the caller's own, and those behind a link."""

from collections.abc import Callable
from dataclasses import dataclass

from cachetools import LRUCache, TTLCache

from adapters.http.problems import not_found
from adapters.warehouse import Queries
from api.date_range import DateRange
from api.kept_answers import KeptAnswers
from api.shares import picture, queries
from api.shares.models import ShareLink, ShareLinks
from api.shares.rows import LinkRow, SharedRow
from api.texts import Language
from api.wrapped.cache import WrappedCache
from api.wrapped.models import Wrapped
from api.wrapped.service import WrappedStories
from schemas.ids import UserId, secret_digest

CARD_S = 1.0
"""How long a link that was revoked may still work. Meanwhile it costs the warehouse nothing."""
MOST_CARDS = 1024
PICTURE_BYTES = 32 << 20
"""For all pictures together. One takes some fifty thousand bytes."""
Draw = Callable[[str], bytes]
"""An SVG as PNG. Blocking."""


@dataclass(frozen=True)
class ShareCard:
    """A Wrapped as one picture. `name` stands on it; empty: nobody is named.

    `secret`: of the installation.
    """

    wrapped: Wrapped
    name: str
    secret: str

    def title(self, language: Language) -> str:
        """The name, if the card bears one, and the personality."""
        personality = picture.title(self.wrapped, language)
        return f"{self.name}: {personality}" if self.name else personality

    def alt(self, language: Language) -> str:
        """The card in words."""
        return picture.alt(self.wrapped, language)

    def svg(self, shape: str, language: Language) -> str:
        """The card as a picture."""
        return picture.card(self.wrapped, shape, self.name, language, self.secret)


class Shares:
    """Blocking. TransientError when the warehouse is away.

    A link is good for everybody who has it. Its secret is stored nowhere, only its digest.
    """

    def __init__(
        self,
        warehouse: Queries,
        stories: WrappedStories,
        wrapped: WrappedCache,
        draw: Draw,
        secret: str,
    ) -> None:
        """`secret`: of the installation; the looks of cards follow from it."""
        self._warehouse = warehouse
        self._stories = stories
        self._wrapped = wrapped
        self._draw = draw
        self._secret = secret
        self._cards = KeptAnswers[ShareCard](TTLCache(MOST_CARDS, CARD_S))
        self._pictures = KeptAnswers[bytes](LRUCache(PICTURE_BYTES, getsizeof=len))

    def links(self, user: UserId) -> ShareLinks:
        """The caller's links that are not revoked."""
        result = self._warehouse.query(queries.MY_SHARES, {"user": user}, row=LinkRow)
        return ShareLinks(shares=[_link(row) for row in result])

    def own(
        self,
        user: UserId,
        period: str,
        days: DateRange,
        *,
        show_name: bool,
    ) -> ShareCard:
        """The caller's card."""
        story = self._wrapped.wrapped(user, period, days).story
        name = self._stories.name(user) if show_name else ""
        return ShareCard(story, name, self._secret)

    def behind(self, secret: str) -> ShareCard:
        """The card that a link shows, CARD_S old at most.

        HttpProblem 404 when it is revoked, or never was.
        """
        return self._cards.get(secret, lambda: self._behind(secret))

    def _behind(self, secret: str) -> ShareCard:
        parameters = {"share": secret_digest(secret)}
        result = self._warehouse.query(queries.SHARE, parameters, row=SharedRow)
        if not result:
            raise not_found("link")
        row = result[0]
        days = DateRange(row.first, row.last)
        period = f"{row.first}..{row.last}"
        return self.own(row.user_id, period, days, show_name=row.show_name)

    def png(self, svg: str) -> bytes:
        """The picture of a card. Each is drawn once, also when many ask for it at a time."""
        return self._pictures.get(svg, lambda: self._draw(svg))


def _link(row: LinkRow) -> ShareLink:
    return ShareLink(
        share=row.share,
        first=row.first,
        last=row.last,
        show_name=row.show_name,
        made_at=row.made_at,
    )
