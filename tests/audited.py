"""A session of the memory stack as an audit reads it: log, objects, and the rows that are kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

import msgspec

from adapters.objects.lexicons import Lexicons, shipped_lexicon_bytes
from adapters.settings import Settings
from deploy.audit import session
from deploy.audit.by_rows import ByRows
from deploy.audit.claims_as_stored import claims_of, verdicts_of
from deploy.audit.log_facts import LogFacts, Logged
from deploy.audit.questions import QUESTIONS, Question
from deploy.audit.recount import Counters, Recounted, Recounting
from deploy.audit.report import Findings
from deploy.audit.stored_rows import StoredRows
from deploy.clickhouse.migration_files import migrations
from schemas.event import SessionEvent
from schemas.ids import EventId, SessionId
from schemas.object_kinds import erased_prefixes
from tests.guide.memory_stack import MemoryStack
from tests.guide.phone import SESSION
from tests.memory_blob_store import MemoryBlobStore

TABLE = re.compile(
    r"CREATE TABLE IF NOT EXISTS (\w+) \(.*?ReplacingMergeTree\((\w+)(?:, deleted)?\)"
    r".*?ORDER BY \(?([\w, ]+)",
    re.DOTALL,
)

WINDOW_MS = Settings().window_ms


def _at_once() -> None:
    """Nothing is waited for."""


@dataclass
class Audited:
    """All that an audit knows of one session. Tests break one part of it."""

    facts: LogFacts
    blobs: MemoryBlobStore
    rows: StoredRows
    letters: frozenset[EventId] = frozenset()

    def forgotten(self) -> "Audited":
        """The same a week later: the log has the session's listing alone."""
        facts = LogFacts(self.facts.session_id)
        facts.listing = self.facts.listing
        facts.listed_at = self.facts.listed_at
        return Audited(facts, self.blobs, self.rows)

    def judged(self) -> Findings:
        """The findings of the audit."""
        keys = [self.blobs.keys(prefix) for prefix in erased_prefixes(self.facts.session_id)]
        objects = frozenset(chain.from_iterable(keys))
        facts, recounted = self._recounted(objects)
        return session.judged(
            facts,
            recounted,
            self.rows,
            letters=self.letters,
            objects=objects,
        )

    def _recounted(self, objects: frozenset[str]) -> tuple[LogFacts, Recounted | None]:
        counters = Counters(self.blobs)
        if self.facts.is_whole:
            return self.facts, Recounting(self.blobs, counters, _at_once).recount(self.facts)
        facts = replace(
            self.facts,
            claims=self.facts.claims | claims_of(self.rows.claims),
            verdicts=self.facts.verdicts | verdicts_of(self.rows.verdicts),
        )
        by_rows = ByRows(self.blobs, counters, _at_once)
        return facts, by_rows.recount(facts, self.rows, objects, WINDOW_MS)


def audited(stack: MemoryStack, session_id: SessionId = SESSION) -> Audited:
    """The stack's session, its stages at rest."""
    facts = LogFacts(session_id)
    for offset, (topic, event) in enumerate(stack.log):
        if isinstance(event, SessionEvent) and event.session_id == session_id:
            facts.take(event, Logged(topic.name, 0, offset))
    rows = StoredRows()
    for question in QUESTIONS:
        getattr(rows, question.into).extend(_kept(stack, question))
    blobs = MemoryBlobStore()
    for key, body in stack.blobs.contents().items():
        blobs.put(key, body, "")
    Lexicons(blobs).put(shipped_lexicon_bytes())  # as `deploy.prepare` does
    return Audited(facts, blobs, rows)


@cache
def _keys() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Table -> version, and columns of the key, as the migrations say."""
    text = "".join(migration.text for migration in migrations())
    found = TABLE.findall(text)
    return {table: (version, tuple(key.split(", "))) for table, version, key in found}


def _kept(stack: MemoryStack, question: Question) -> Iterator[Any]:
    """The rows that ClickHouse would keep, as the audit asks for them."""
    version, key = _keys()[question.table]
    kept: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in stack.rows(question.table):
        place = tuple(row[name] for name in key)
        known: Any = kept.get(place)
        if known is None or known[version] <= row[version]:
            kept[place] = row
    for row in kept.values():
        if not row.get("deleted"):
            yield msgspec.convert(_asked(row, question), question.row)


def _asked(row: Mapping[str, Any], question: Question) -> dict[str, Any]:
    asked = {name: _plain(row[name]) for name in question.row.__struct_fields__ if name in row}
    for name, sql in question.computed:
        column, _, part = sql.partition(".")
        if part:
            asked[name] = [span[part == "end_ms"] for span in row[column]]
        else:
            asked[name] = _plain(row[sql.partition("(")[2].rstrip(")")])
    return asked


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    return list(value) if isinstance(value, tuple) else value
