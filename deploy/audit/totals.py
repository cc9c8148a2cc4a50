"""Pure: the stored totals of a session against those that follow from its counted-again windows."""

from collections import Counter
from collections.abc import Callable, Iterator

from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Key
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import SpeakerRow, StoredRows, Values
from schemas.ranges import Range, union

Numbers = tuple[int, int, int, int, int]
"""Count of the word, recognised words, talk time, turns, overlap."""
NOTHING: Numbers = (0, 0, 0, 0, 0)


def differences(
    facts: LogFacts,
    recounted: Recounted,
    stored: StoredRows,
) -> Iterator[Difference]:
    """Yield what differs in `speaker_totals` and in `session_totals`."""
    yield from _of_speakers(facts, recounted, stored).differences()
    yield from _of_session(facts, recounted, stored).differences()


def uncounted(facts: LogFacts) -> Iterator[Difference]:
    """Yield the difference of a complete session of which nothing says how it was counted."""
    wanted: dict[Key, Values] = {(): ()}
    rows = Rows("session_totals", (), facts.session_id, wanted, (), is_kept=_is_kept(facts))
    yield from rows.differences()


def _is_kept(facts: LogFacts) -> Callable[[Key], bool]:
    is_kept = facts.is_whole or facts.totals is not None
    return lambda _key: is_kept


def _of_speakers(facts: LogFacts, recounted: Recounted, stored: StoredRows) -> Rows[Numbers]:
    wanted = _speakers(recounted)
    found: list[tuple[Key, Numbers]] = []
    for row in stored.speakers:
        numbers = _numbers(row)
        if numbers != NOTHING:
            found.append(((row.speaker, row.word), numbers))
    columns = ("speaker", "word")
    is_kept = _is_kept(facts)
    return Rows("speaker_totals", columns, facts.session_id, wanted, found, is_kept=is_kept)


def _of_session(facts: LogFacts, recounted: Recounted, stored: StoredRows) -> Rows[Values]:
    wanted: dict[Key, Values] = {(): _session(recounted)}
    found: list[tuple[Key, Values]] = [((), row.values()) for row in stored.totals]
    is_kept = _is_kept(facts)
    return Rows("session_totals", (), facts.session_id, wanted, found, is_kept=is_kept)


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


def _session(recounted: Recounted) -> Values:
    sealed = recounted.sealed
    spans: list[Range] = []
    for window in recounted.windows.values():
        spans += window.counted.missing
    labels = sorted(recounted.speakers)
    return sealed.generation, sealed.lexicon, labels, union(spans), sealed.total_ms
