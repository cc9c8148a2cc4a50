"""Pure: all that differs in one session that does not move."""

from collections.abc import Collection, Iterator

from deploy.audit import chunks, credited, listed, totals, verdicts, words
from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Findings, Mend
from deploy.audit.stored_rows import StoredRows
from schemas.ids import EventId
from schemas.session_events import COMPLETE


def judged(
    facts: LogFacts,
    recounted: Recounted | None,
    stored: StoredRows,
    *,
    letters: Collection[EventId],
    objects: Collection[str],
    left_over: Collection[str] = (),
) -> Findings:
    """Return the fates of the session's chunks, its words, and all that differs.

    A session whose beginning has left the log has no chunks to judge. `letters` are the events that
    are dead letters, `objects` the keys of everything that the store has of the session, and
    `left_over` the tables that have rows of it although it is erased.
    """
    found = Findings()
    if facts.is_whole or not facts.is_known:
        found = chunks.judged(facts, recounted, letters, objects)
    differences = [*found.differences, *listed.row_differences(facts, stored)]
    if facts.is_erased:
        differences += _left_over(facts, [*objects, *left_over])
    elif recounted is not None:
        differences += _counts(facts, recounted, stored, objects)
    elif facts.state in COMPLETE:
        differences += totals.uncounted(facts)
    return Findings(tuple(differences), found.fates, len(stored.words))


def _counts(
    facts: LogFacts, recounted: Recounted, stored: StoredRows, objects: Collection[str]
) -> Iterator[Difference]:
    if facts.state in COMPLETE:
        yield from recounted.differences
        if facts.is_whole:
            yield from listed.object_differences(facts, recounted, stored, objects)
            yield from listed.state_differences(facts)
            yield from words.log_differences(facts, recounted)
        yield from words.differences(facts, recounted, stored)
        if facts.is_whole:
            yield from verdicts.differences(facts, stored)
        counting = verdicts.counting(facts, recounted)
        yield from totals.differences(facts, counting, stored)
        yield from credited.differences(facts, counting, stored)


def _left_over(facts: LogFacts, places: Collection[str]) -> Iterator[Difference]:
    """Yield the objects and the tables that an erased session is still in."""
    for place in sorted(places):
        yield Difference(
            session_id=facts.session_id,
            where=place,
            what="something of an erased session is still there",
            advice=Mend.ERASE_AGAIN.advice,
            mend=Mend.ERASE_AGAIN,
        )


def stuck(facts: LogFacts) -> Difference:
    """Return the difference of a session that should be final and makes no progress."""
    behind = "a stage has not read all of it" if facts.waits else "no stage has anything left to do"
    return Difference(
        session_id=facts.session_id,
        where=str(facts.listed_at or "session.directory.v1"),
        what=f"the session is {facts.state} and makes no progress: {behind}",
        advice="`lahstats status` names stages that are behind, `lahstats dlq list` what was lost.",
    )
