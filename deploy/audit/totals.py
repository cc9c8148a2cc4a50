"""Pure: the stored totals of a session against those that follow from its counted-again windows."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import replace as changed

from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Key, Mend
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import SpeakerRow, StoredRows, Values
from schemas.ids import SpeakerLabel
from schemas.ranges import Range, union


@dataclass(frozen=True)
class Numbers:
    """The numbers of a row of `speaker_totals`.

    The row of a speaker has all but `count`. The row of one of their words has `count` alone.
    """

    count: int = 0
    spoken: int = 0
    talk_ms: int = 0
    turns: int = 0
    overlap_ms: int = 0


NOTHING = Numbers()


def differences(
    facts: LogFacts,
    recounted: Recounted,
    stored: StoredRows,
) -> Iterator[Difference]:
    """Yield what differs in `speaker_totals` and in `session_totals`."""
    rows = _of_speakers(facts, recounted, stored)
    for one in rows.differences():
        yield _with_mend_by_turns(one, rows)
    yield from _of_session(facts, recounted, stored).differences()


def _with_mend_by_turns(one: Difference, rows: Rows[Numbers]) -> Difference:
    """Return the difference; one of overlap alone can be mended when its event has left the log."""
    if one.mend is not Mend.NONE or not _is_overlap(rows, tuple(one.key.values())):
        return one
    return changed(one, mend=Mend.SET_OVERLAP, advice=Mend.SET_OVERLAP.advice)


def _is_overlap(rows: Rows[Numbers], key: Key) -> bool:
    """Whether the row of a speaker has another overlap and no other difference."""
    wanted = rows.wanted.get(key)
    found = [numbers for of, numbers in rows.stored if of == key]
    if wanted is None or len(found) != 1:
        return False
    return changed(found[0], overlap_ms=wanted.overlap_ms) == wanted


def uncounted(facts: LogFacts) -> Iterator[Difference]:
    """Yield the difference of a complete session of which nothing says how it was counted."""
    wanted: dict[Key, Values] = {(): ()}
    rows = Rows("session_totals", (), facts, wanted, (), is_kept=_is_kept(facts))
    yield from rows.differences()


def _is_kept(facts: LogFacts) -> Callable[[Key], bool]:
    """Whether the log has the event that all rows of totals are made of."""
    return lambda _key: facts.totals is not None


def _of_speakers(facts: LogFacts, recounted: Recounted, stored: StoredRows) -> Rows[Numbers]:
    wanted = _speakers(recounted)
    found: list[tuple[Key, Numbers]] = []
    for row in stored.speakers:
        numbers = _numbers(row)
        if numbers != NOTHING:
            found.append(((row.speaker, row.word), numbers))
    columns = ("speaker", "word")
    return Rows("speaker_totals", columns, facts, wanted, found, is_kept=_is_kept(facts))


def _of_session(facts: LogFacts, recounted: Recounted, stored: StoredRows) -> Rows[Values]:
    wanted: dict[Key, Values] = {(): _session(recounted)}
    found: list[tuple[Key, Values]] = [((), row.values()) for row in stored.totals]
    return Rows("session_totals", (), facts, wanted, found, is_kept=_is_kept(facts))


def _numbers(row: SpeakerRow) -> Numbers:
    return Numbers(row.count, row.spoken, row.talk_ms, row.turns, row.overlap_ms)


def _speakers(recounted: Recounted) -> dict[Key, Numbers]:
    """Return the numbers of each speaker, and of each word that a speaker of the turns said."""
    counts: Counter[tuple[SpeakerLabel, str]] = Counter()
    spoken: Counter[SpeakerLabel] = Counter()
    for window in recounted.windows.values():
        spoken.update(window.counted.spoken)
        for row in window.counted.sure:
            counts[row.speaker, row.word] += 1
    found: dict[Key, Numbers] = {}
    for speaker, talk in recounted.speakers.items():
        numbers = Numbers(0, spoken[speaker], talk.talk_ms, talk.turns, talk.overlap_ms)
        if numbers != NOTHING:
            found[speaker, ""] = numbers
    for (speaker, word), count in counts.items():
        if speaker in recounted.speakers:
            found[speaker, word] = Numbers(count=count)
    return found


def _session(recounted: Recounted) -> Values:
    """Return the columns in the order of `TotalRow.values`."""
    sealed = recounted.sealed
    missing: list[Range] = []
    for window in recounted.windows.values():
        missing += window.counted.missing
    speakers = sorted(recounted.speakers)
    return sealed.generation, sealed.lexicon, speakers, union(missing), sealed.total_ms
