"""`lahstats recount`: sessions counted again by another lexicon, from the stored words and their evidence."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.objects.lexicons import Lexicons
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.prepare.tables import load_lexicon
from schemas import topics
from schemas.ids import SessionId
from schemas.session_requests import RecountRequested

POLL_S, PATIENCE_S = 0.5, 120.0
COUNTED = """
SELECT s.session_id AS session_id, t.lexicon AS lexicon FROM sessions AS s FINAL
INNER JOIN session_totals AS t FINAL ON t.session_id = s.session_id
WHERE s.state != 'erased' AND s.session_id NOT IN (SELECT session_id FROM expired_texts)
  AND toDate(s.recorded_at) >= toDate({since:String}) ORDER BY session_id
"""


def recount(
    settings: Settings, file: Path, since: date | None, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Blocking until every session since `since` is counted by the lexicon in `file`; those that are already are left alone.

    So are those whose words were removed: their counts stand by the lexicon that counted them last, which their results name.

    ValueError: the lexicon cannot be used, or its version is another one's. TimeoutError: nothing moved for two minutes;
    what was asked for stays asked for, and the same command goes on.
    """
    lexicon = Lexicons(S3BlobStore(settings)).put(file.read_bytes())
    warehouse = Warehouse(settings)
    load_lexicon(warehouse, lexicon)
    former = {
        session: by for session, by in _counted(warehouse, since).items() if by != lexicon.version
    }
    _ask(settings, list(former), lexicon.version)
    waiting = set(former)
    moved_at = time.monotonic()
    while waiting:
        by = _counted(warehouse, since)
        left = {session for session in waiting if by.get(session) != lexicon.version}
        moved_at = time.monotonic() if left != waiting else moved_at
        waiting = left
        progress(len(former) - len(waiting), len(former))
        if time.monotonic() - moved_at > PATIENCE_S:
            raise TimeoutError(
                f"{len(waiting)} sessions are not counted again yet and nothing moves: `lahstats status`, then the same command"
            )
        time.sleep(POLL_S if waiting else 0)
    warehouse.close()
    return {
        "lexicon": lexicon.version,
        "sessions": len(former),
        "from": dict(Counter(former.values())),
    }


def _counted(warehouse: Warehouse, since: date | None) -> dict[str, str]:
    rows = warehouse.query(COUNTED, {"since": (since or date(1970, 1, 1)).isoformat()})
    return {row["session_id"]: row["lexicon"] for row in rows}


def _ask(settings: Settings, sessions: list[str], version: str) -> None:
    publisher, request = KafkaPublisher(settings.kafka), str(uuid4())
    publisher.publish(
        [outgoing(topics.INBOUND, _request(session, version, request)) for session in sessions]
    )
    publisher.close()


def _request(session: str, version: str, request: str) -> RecountRequested:
    return RecountRequested(
        occurred_at_ms=unix_ms(),
        session_id=SessionId(session),
        request_id=request,
        lexicon=version,
    )
