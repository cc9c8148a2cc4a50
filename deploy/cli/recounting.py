"""`lahstats recount`: stored words and their evidence, counted again by another lexicon."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from adapters.kafka.publisher import KafkaPublisher, Publisher, outgoing
from adapters.objects.lexicons import Lexicons
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from adapters.warehouse import TypedRow, Warehouse
from deploy.amounts import amount
from deploy.batches import batches
from deploy.prepare.own_words import versions
from deploy.prepare.tables import load_lexicon
from deploy.waiting import until
from schemas import topics
from schemas.ids import SessionId
from schemas.session_requests import RecountRequested

AT_ONCE = 1_000
"""Requests that are acknowledged together."""
POLL_S = 0.5
PATIENCE_S = 120.0
"""How long no session may become done before the command gives up."""
COUNTED = """
SELECT s.session_id AS session_id, t.lexicon AS lexicon FROM sessions AS s FINAL
INNER JOIN session_totals AS t FINAL ON t.session_id = s.session_id
WHERE s.state != 'erased' AND s.session_id NOT IN (SELECT session_id FROM expired_texts)
  AND toDate(s.recorded_at) >= toDate({since:String}) ORDER BY session_id
"""


class CountedBy(TypedRow, frozen=True, kw_only=True):
    """A session, and the version of the lexicon that counted it."""

    session_id: SessionId
    lexicon: str


@dataclass(frozen=True)
class Recounted:
    """How many sessions were counted by `lexicon`, and by which lexicons they were before."""

    lexicon: str
    sessions: int
    before: dict[str, int]

    def sentence(self) -> str:
        """Return the same for people."""
        text = f"{amount(self.sessions, 'session', 'sessions')} counted again by {self.lexicon}"
        if not self.before:
            return text
        before = [f"{number} from {version or 'none'}" for version, number in self.before.items()]
        return f"{text} ({', '.join(before)})"


def recount(
    settings: Settings, file: Path, since: date | None, progress: Callable[[int, int], None]
) -> Recounted:
    """Count every session since `since` again by the lexicon in `file`, and its group's own words.

    Blocks until that is done. Sessions that are counted by it already are left alone, and so are
    those whose words were removed. `progress` gets the number of sessions done and of all.

    Raises ValueError when the lexicon cannot be used, or when its version names another one.
    Raises TimeoutError when nothing moved for two minutes. The requests stay; the same command
    waits for the rest.
    """
    lexicons = Lexicons(S3BlobStore(settings))
    lexicon = lexicons.put(file.read_bytes())
    with closing(Warehouse(settings)) as warehouse:
        load_lexicon(warehouse, lexicon)
        former = _counted_by(warehouse, since)
        version_of = versions(lexicons, lexicon, set(former.values()))
        wanted = {
            session: version_of[version]
            for session, version in former.items()
            if version_of[version] != version
        }
        with closing(KafkaPublisher(settings.kafka)) as publisher:
            ask(publisher, wanted)
        left = len(wanted)
        while left:
            left = _await_fewer(left, lambda: _left(warehouse, since, wanted))
            progress(len(wanted) - left, len(wanted))
    before = Counter(former[session] for session in wanted)
    return Recounted(lexicon.version, len(wanted), dict(before))


def _await_fewer(before: int, left: Callable[[], int]) -> int:
    sessions = amount(before, "session is", "sessions are")
    complaint = (
        f"{sessions} not counted again yet and nothing moves: "
        "`lahstats status`, then the same command"
    )
    return until(left, lambda count: count < before, PATIENCE_S, POLL_S, complaint)


def _left(warehouse: Warehouse, since: date | None, wanted: Mapping[str, str]) -> int:
    """Return how many of these sessions are not counted by their version yet."""
    now = _counted_by(warehouse, since)
    return sum(now.get(session) != version for session, version in wanted.items())


def _counted_by(warehouse: Warehouse, since: date | None) -> dict[str, str]:
    """Return the version of the lexicon by which each session is counted."""
    first = since or date(1970, 1, 1)
    rows = warehouse.query(COUNTED, {"since": first.isoformat()}, row=CountedBy)
    return {row.session_id: row.lexicon for row in rows}


def ask(publisher: Publisher, wanted: Mapping[str, str]) -> None:
    """Publish a request for each session, to be counted by its version. Blocking.

    The client has room for a hundred thousand messages, and ten seconds for each.
    """
    request = str(uuid4())
    events = (_request(session, version, request) for session, version in wanted.items())
    for some in batches(events, AT_ONCE):
        publisher.publish([outgoing(topics.INBOUND, event) for event in some])


def _request(session: str, version: str, request: str) -> RecountRequested:
    return RecountRequested(
        occurred_at_ms=unix_ms(),
        session_id=SessionId(session),
        request_id=request,
        lexicon=version,
    )
