"""Pure: the stored words of a session against those that were counted again."""

from collections.abc import Iterator

from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Key
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import StoredRows, Values
from schemas.word_events import WordsCounted


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
    where = str(counted[1]) if counted else "words.counted.v1"
    if counted is None or counted[0].generation != wanted.generation:
        what = f"window {number} is not counted in generation {wanted.generation}"
    elif _essence(counted[0]) != _essence(wanted):
        what = f"window {number} was counted otherwise than its objects say"
    else:
        return
    yield Difference(
        session_id=facts.session_id,
        where=where,
        what=what,
        advice="Count the session again: `lahstats recount`, or replay the window.",
    )


def _essence(event: WordsCounted) -> object:
    return event.lexicon, event.day, event.rows, event.spoken, event.missing


def _word_rows(
    facts: LogFacts, events: dict[int, WordsCounted], stored: StoredRows
) -> Rows[Values]:
    wanted: dict[Key, Values] = {}
    for number, event in events.items():
        for row in event.rows:
            said = (row.speaker, row.word, row.said_at_ms, row.day, row.reason, row.maybe)
            wanted[number, row.ordinal] = (event.day, event.generation, event.lexicon, *said)
    found: list[tuple[Key, Values]] = [
        ((row.window, row.ordinal), row.values()) for row in stored.words
    ]
    columns = ("window", "ordinal")

    def is_kept(key: Key) -> bool:
        return facts.is_whole or key[0] in events

    return Rows("word_events", columns, facts.session_id, wanted, found, is_kept=is_kept)


def _spoken_rows(
    facts: LogFacts, events: dict[int, WordsCounted], stored: StoredRows
) -> Rows[Values]:
    wanted: dict[Key, Values] = {
        (number,): (event.day, event.generation, event.spoken) for number, event in events.items()
    }
    found: list[tuple[Key, Values]] = [((row.window,), row.values()) for row in stored.spoken]
    return Rows("spoken_windows", ("window",), facts.session_id, wanted, found)
