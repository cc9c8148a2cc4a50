"""Pure: the words that count, after what the owners of voices said of single counts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace as changed

from msgspec.structs import replace

from deploy.audit.log_facts import LogFacts, Place
from deploy.audit.recount import Recounted, Window
from deploy.audit.report import Difference, Key
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import StoredRows
from schemas.claim_events import Verdict
from schemas.word_events import CountedRow


def counting(facts: LogFacts, recounted: Recounted) -> Recounted:
    """Return the session with the counts that are in totals: struck ones leave, said maybes come.

    `word_events` has all rows as they were counted, and is compared before this.
    """
    verdicts = {place: event.verdict for place, event in facts.verdicts.items()}
    windows: dict[int, Window] = {}
    for number, window in recounted.windows.items():
        rows = tuple(_after_verdicts(window.counted.rows, verdicts))
        counted = replace(window.counted, rows=rows)
        windows[number] = changed(window, counted=counted)
    return changed(recounted, windows=windows)


def _after_verdicts(
    rows: tuple[CountedRow, ...], verdicts: Mapping[Place, Verdict]
) -> Iterator[CountedRow]:
    """Yield the rows without those that were struck; a maybe that was said is none any more.

    A maybe that was struck stays: it is in no total either way.
    """
    for row in rows:
        place = (row.speaker, row.word, row.said_at_ms)
        verdict = verdicts.get(place, Verdict.NONE)
        if row.maybe:
            yield replace(row, maybe=verdict is not Verdict.SAID)
        elif verdict is not Verdict.STRUCK:
            yield row


def differences(facts: LogFacts, stored: StoredRows) -> Iterator[Difference]:
    """Yield what differs in `verdicts`."""
    wanted: dict[Key, str] = {}
    for place, event in facts.verdicts.items():
        wanted[place] = event.verdict.value
    found: list[tuple[Key, str]] = []
    for row in stored.verdicts:
        key = (row.speaker, row.word, row.said_ms)
        found.append((key, row.verdict))
    columns = ("speaker", "word", "said_at")
    rows = Rows("verdicts", columns, facts, wanted, found, of_many=True)
    yield from rows.differences()
