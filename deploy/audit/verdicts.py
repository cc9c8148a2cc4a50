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
    judged = {place: event.verdict for place, event in facts.verdicts.items()}
    windows: dict[int, Window] = {}
    for number, window in recounted.windows.items():
        rows = tuple(_rows(judged, window.counted.rows))
        windows[number] = changed(window, counted=replace(window.counted, rows=rows))
    return changed(recounted, windows=windows)


def _rows(judged: Mapping[Place, Verdict], rows: tuple[CountedRow, ...]) -> Iterator[CountedRow]:
    for row in rows:
        place = (row.speaker, row.word, row.said_at_ms)
        verdict = judged.get(place, Verdict.NONE)
        if row.maybe and verdict is Verdict.SAID:
            yield replace(row, maybe=False)
        elif row.maybe or verdict is not Verdict.STRUCK:
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
    rows = Rows("verdicts", columns, facts.session_id, wanted, found, of_many=True)
    yield from rows.differences()
