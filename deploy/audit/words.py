"""Pure: the stored words of a session against those that were counted again."""

from collections.abc import Iterator

from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Key
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import StoredRows, Values
from schemas.topics import COUNTED
from schemas.word_events import CountedRow, WordsCounted


def differences(
    facts: LogFacts,
    recounted: Recounted,
    stored: StoredRows,
) -> Iterator[Difference]:
    """Yield what differs in `word_events` and in `spoken_windows`."""
    events = {number: window.counted for number, window in recounted.windows.items()}
    yield from _word_rows(facts, events, stored).differences()
    yield from _spoken_rows(facts, events, stored).differences()


def log_differences(facts: LogFacts, recounted: Recounted) -> Iterator[Difference]:
    """Yield windows that the log has otherwise than their objects say."""
    for number, window in recounted.windows.items():
        yield from _logged(facts, number, window.counted)


def _logged(facts: LogFacts, number: int, wanted: WordsCounted) -> Iterator[Difference]:
    counted = facts.counted.get(number)
    if counted is None or counted.event.generation != wanted.generation:
        what = f"window {number} is not counted in generation {wanted.generation}"
    elif _result(counted.event) != _result(wanted):
        what = f"window {number} was counted otherwise than its objects say"
    else:
        return
    yield Difference(
        session_id=facts.session_id,
        where=str(counted.place) if counted else COUNTED.name,
        what=what,
        advice="Count the session again: `lahstats recount`, or replay the window.",
    )


def _result(event: WordsCounted) -> object:
    """Return the fields that follow from the window's words, without times and versions."""
    return event.lexicon, event.day, event.rows, event.spoken, event.missing


def _word_rows(
    facts: LogFacts, events: dict[int, WordsCounted], stored: StoredRows
) -> Rows[Values]:
    wanted: dict[Key, Values] = {}
    for number, event in events.items():
        for row in event.rows:
            wanted[number, row.ordinal] = _values(event, row)
    found: list[tuple[Key, Values]] = []
    for stored_row in stored.words:
        key = (stored_row.window, stored_row.ordinal)
        found.append((key, stored_row.values()))
    columns = ("window", "ordinal")
    return Rows("word_events", columns, facts, wanted, found, is_kept=lambda key: key[0] in events)


def _values(event: WordsCounted, row: CountedRow) -> Values:
    """Return the columns in the order of `WordRow.values`."""
    said = (row.speaker, row.word, row.said_at_ms, row.day, row.reason, row.maybe)
    return (event.day, event.generation, event.lexicon, *said)


def _spoken_rows(
    facts: LogFacts, events: dict[int, WordsCounted], stored: StoredRows
) -> Rows[Values]:
    wanted: dict[Key, Values] = {}
    for number, event in events.items():
        wanted[number,] = (event.day, event.generation, event.spoken)
    found: list[tuple[Key, Values]] = [((row.window,), row.values()) for row in stored.spoken]
    return Rows("spoken_windows", ("window",), facts, wanted, found)
