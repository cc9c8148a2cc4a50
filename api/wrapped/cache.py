"""Wrapped answers as they were last made."""

from dataclasses import dataclass

from cachetools import TTLCache

from adapters.warehouse import Queries
from api.date_range import DateRange
from api.etags import etag_of
from api.kept_answers import KeptAnswers
from api.shared_query_cache import KEEP_S
from api.wrapped.models import Wrapped
from api.wrapped.queries import CHECKSUM
from api.wrapped.rows import ChecksumRow
from api.wrapped.service import WrappedStories
from schemas.ids import UserId

MOST_ANSWERS = 1024
"""Each takes some ten thousand bytes."""


@dataclass(frozen=True)
class EncodedWrapped:
    """The JSON of a Wrapped, its ETag, and what it was made from."""

    body: bytes
    etag: str
    story: Wrapped


class WrappedCache:
    """Makes a Wrapped again only when the user's credits changed, or after a minute.

    Thread-safe, blocking; TransientError when the warehouse is away. To look for a change costs one
    query, to make a Wrapped six. Freshness: the user's own counts are always current, so that
    callers see their own claims. Names and the cohort may be `KEEP_S` old; words of everybody,
    which are cached before they come here too, twice that.
    """

    def __init__(self, warehouse: Queries, stories: WrappedStories) -> None:
        self._warehouse = warehouse
        self._stories = stories
        self._answers = KeptAnswers[EncodedWrapped](TTLCache(MOST_ANSWERS, KEEP_S))

    def wrapped(self, user: UserId, period: str, days: DateRange) -> EncodedWrapped:
        """The user's period in cards, as JSON. The same object while nothing changes."""
        # The checksum is read before the rows. Rows that change in between are stored under the old
        # checksum, which nobody asks for again: checksums come from versions, and those only grow.
        result = self._warehouse.query(CHECKSUM, {"user": user}, row=ChecksumRow)
        key = (user, period, days, result[0].mark)
        return self._answers.get(key, lambda: self._made(user, period, days))

    def _made(self, user: UserId, period: str, days: DateRange) -> EncodedWrapped:
        story = self._stories.story(user, period, days)
        body = story.model_dump_json(by_alias=True).encode()
        return EncodedWrapped(body, etag_of(body), story)
