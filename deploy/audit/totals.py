"""Pure: the stored totals of a session against those that follow from its counted-again windows."""

from collections import Counter
from collections.abc import Iterator

from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Key
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import SpeakerRow, StoredRows
from schemas.ranges import union

Numbers = tuple[int, int, int, int, int]
"""Count of the word, recognised words, talk time, turns, overlap."""
NOTHING: Numbers = (0, 0, 0, 0, 0)


def differences(
    facts: LogFacts,
    recounted: Recounted,
    stored: StoredRows,
) -> Iterator[Difference]:
    """Yield what differs in `speaker_totals` and in `session_totals`."""
    speakers = _speakers(recounted)
    found = [(_key(row), _numbers(row)) for row in stored.speakers if _numbers(row) != NOTHING]
    columns = ("speaker", "word")
    rows = Rows("speaker_totals", columns, facts.session_id, speakers, found)
    yield from rows.differences()
    total: dict[Key, tuple[object, ...]] = {(): _session(recounted)}
    totals: list[tuple[Key, tuple[object, ...]]] = [((), row.values()) for row in stored.totals]
    yield from Rows("session_totals", (), facts.session_id, total, totals).differences()


def _key(row: SpeakerRow) -> Key:
    return row.speaker, row.word


def _numbers(row: SpeakerRow) -> Numbers:
    return row.count, row.spoken, row.talk_ms, row.turns, row.overlap_ms


def _speakers(recounted: Recounted) -> dict[Key, Numbers]:
    words: Counter[tuple[str, str]] = Counter()
    spoken: Counter[str] = Counter()
    for window in recounted.windows.values():
        words.update((row.speaker, row.word) for row in window.counted.sure)
        spoken.update(window.counted.spoken)
    found: dict[Key, Numbers] = {}
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
    labels = sorted(recounted.speakers)
    return sealed.generation, sealed.lexicon, labels, missing, sealed.total_ms
