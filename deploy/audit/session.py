"""Pure: all that differs in one session that does not move."""

from collections.abc import Collection, Iterator

from deploy.audit import chunks, credited, listed, totals, words
from deploy.audit.chunks import Letters
from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Findings
from deploy.audit.stored_rows import StoredRows
from schemas.session_events import State

COMPLETE = frozenset({State.READY, State.COMPLETED})


def judged(
    facts: LogFacts,
    recounted: Recounted | None,
    stored: StoredRows,
    *,
    letters: Letters,
    objects: Collection[str],
) -> Findings:
    """Return the fates of the session's chunks, its words, and all that differs."""
    found = chunks.judged(facts, recounted, letters, objects)
    differences = [*found.differences, *_counts(facts, recounted, stored, objects)]
    return Findings(tuple(differences), found.fates, len(stored.words))


def _counts(
    facts: LogFacts, recounted: Recounted | None, stored: StoredRows, objects: Collection[str]
) -> Iterator[Difference]:
    yield from listed.row_differences(facts, stored)
    if facts.is_erased or recounted is None:
        return
    yield from recounted.differences
    if facts.listing is not None and facts.listing.state in COMPLETE:
        yield from listed.object_differences(facts, recounted, stored, objects)
        yield from words.differences(facts, recounted, stored)
        yield from totals.differences(facts, recounted, stored)
        yield from credited.differences(facts, recounted, stored)
