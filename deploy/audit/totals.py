"""Pure: the stored totals of a session against those that follow from its counted-again windows."""

from collections import Counter
from collections.abc import Iterator

from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import SpeakerRow, StoredRows
from schemas.ranges import union

Numbers = tuple[int, int, int, int, int]
"""Count of the word, recognised words, talk time, turns, overlap."""
NOTHING: Numbers = (0, 0, 0, 0, 0)


def differences(facts: LogFacts, recounted: Recounted, stored: StoredRows) -> Iterator[Difference]:
    """Yield what differs in `speaker_totals` and in `session_totals`."""
    speakers = _speakers(recounted)
    found = [(_key(row), _numbers(row)) for row in stored.speakers if _numbers(row) != NOTHING]
    rows = Rows("speaker_totals (speaker, word)", facts.session_id, speakers, found)
    yield from rows.differences()
    total = {recounted.sealed.generation: _session(recounted)}
    totals = [(row.generation, row.values()) for row in stored.totals]
    yield from Rows("session_totals (generation)", facts.session_id, total, totals).differences()


def _key(row: SpeakerRow) -> tuple[str, str]:
    return row.speaker, row.word


def _numbers(row: SpeakerRow) -> Numbers:
    return row.count, row.spoken, row.talk_ms, row.turns, row.overlap_ms


def _speakers(recounted: Recounted) -> dict[tuple[str, str], Numbers]:
    words: Counter[tuple[str, str]] = Counter()
    spoken: Counter[str] = Counter()
    for window in recounted.windows.values():
        words.update((row.speaker, row.word) for row in window.counted.rows)
        spoken.update(window.counted.spoken)
    found: dict[tuple[str, str], Numbers] = {}
    for label, talk in recounted.speakers.items():
        found[label, ""] = (0, spoken[label], *talk)
        for (speaker, word), count in words.items():
            if speaker == label:
                found[label, word] = (count, 0, 0, 0, 0)
    return {key: numbers for key, numbers in found.items() if numbers != NOTHING}


def _session(recounted: Recounted) -> tuple[object, ...]:
    sealed = recounted.sealed
    missing = union(
        span for window in recounted.windows.values() for span in window.counted.missing
    )
    return sealed.lexicon, sorted(recounted.speakers), list(missing), sealed.total_ms
