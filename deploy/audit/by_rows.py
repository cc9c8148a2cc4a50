"""Sessions whose beginning has left the log: their objects and rows against each other. Blocking.

Words are counted again from the attributed words, totals and credits from those. Of a session
whose text has expired the counted words themselves are the source of its totals.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace as changed
from operator import attrgetter

from msgspec.structs import replace

from adapters.objects.store import BlobStore
from deploy.audit import talk
from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Counters, Recounted, Window
from deploy.audit.report import Difference
from deploy.audit.stored_rows import ObjectRow, SpokenRow, StoredRows, TotalRow, WordRow
from deploy.audit.talk import Talk
from schemas.codec import Document, document
from schemas.event import Pointer
from schemas.ids import SpeakerLabel
from schemas.object_kinds import EXPIRY_MARKER
from schemas.objects import AttributedWords, Turns
from schemas.rejections import Rejected
from schemas.session_events import Cause, SessionSealed
from schemas.word_events import CountedRow, WordsCounted
from streams.attribution.events import words_attributed
from streams.tally.announce import words_counted

Objects = Mapping[tuple[str, int], ObjectRow]
"""The rows that say where objects are, by kind and window."""
WORDS = "words"
TURNS = "turns"


class ByRows:
    """Counts such sessions again."""

    def __init__(self, blobs: BlobStore, counters: Counters, pace: Callable[[], None]) -> None:
        """`pace` is called before each object is read, and may wait."""
        self._blobs = blobs
        self._counters = counters
        self._pace = pace

    def recount(
        self, facts: LogFacts, stored: StoredRows, objects: Collection[str], window_ms: int
    ) -> Recounted | None:
        """Return the session as it should be; None when nothing of it was ever counted.

        Raises TransientError when the store is away.
        """
        if facts.listing is None or facts.is_erased or not stored.totals:
            return None
        total = stored.totals[0]
        sealed = _sealed(facts, stored, total, window_ms)
        kept = _objects_of(sealed, stored)
        lost: list[Difference] = []
        windows = _windows_as_stored(sealed, stored)
        has_text = EXPIRY_MARKER.key(session_id=facts.session_id) not in objects
        if has_text:
            windows |= self._windows_from_words(sealed, kept, lost)
        if 0 in windows:
            windows[0] = _with_missing_audio(windows[0], total)
        speakers = self._speakers(stored, kept, lost)
        return Recounted(sealed, windows, speakers, tuple(lost))

    def _windows_from_words(
        self, sealed: SessionSealed, kept: Objects, lost: list[Difference]
    ) -> dict[int, Window]:
        """Count the windows whose attributed words can be read."""
        with_words = [number for kind, number in kept if kind == WORDS]
        windows: dict[int, Window] = {}
        for number in sorted(with_words):
            window = self._window_from_words(sealed, kept, number, lost)
            if window is not None:
                windows[number] = window
        return windows

    def _window_from_words(
        self,
        sealed: SessionSealed,
        kept: Objects,
        number: int,
        lost: list[Difference],
    ) -> Window | None:
        words = self._document(kept.get((WORDS, number)), AttributedWords, lost)
        counter = self._counters.of(sealed.lexicon)
        if words is None or counter is None:
            return None
        event = words_attributed(sealed, number, None, (), sealed.occurred_at_ms)
        counts = counter.count_window(words)
        counted = words_counted(event, words, sealed.lexicon, counts, len(counts))
        said_ms = tuple(word.start_ms for word in words.words)
        return Window(counted, said_ms)

    def _speakers(
        self, stored: StoredRows, kept: Objects, lost: list[Difference]
    ) -> dict[SpeakerLabel, Talk]:
        """Return the talk of each speaker: from the turns, or as stored without them."""
        turns = self._document(kept.get((TURNS, 0)), Turns, lost)
        if turns is not None:
            return talk.of(turns)
        found: dict[SpeakerLabel, Talk] = {}
        for row in stored.speakers:
            is_of_speaker = not row.word
            if is_of_speaker and row.turns:
                found[row.speaker] = Talk(row.talk_ms, row.turns, row.overlap_ms)
        return found

    def _document(
        self, row: ObjectRow | None, kind: type[Document], lost: list[Difference]
    ) -> Document | None:
        """Return the document in an object. One that cannot be read is added to `lost`."""
        if row is None:
            return None
        self._pace()
        try:
            body = self._blobs.get(Pointer(key=row.key, sha256=row.sha256, size=0))
            return document(body, kind)
        except Rejected as error:
            lost.append(
                Difference(
                    session_id=row.session_id,
                    where=row.key,
                    what=f"the object cannot be read ({error.reason})",
                    advice="Restore it from a backup.",
                )
            )
            return None


def _sealed(facts: LogFacts, stored: StoredRows, total: TotalRow, window_ms: int) -> SessionSealed:
    """Return the generation that the rows are of. Rows know no revisions and no gaps."""
    listing = facts.listing
    assert listing is not None
    return SessionSealed(
        occurred_at_ms=listing.occurred_at_ms,
        session_id=facts.session_id,
        owner=listing.owner,
        group_id=listing.group_id,
        generation=total.generation,
        cause=Cause.SEALED,
        windows=(1,) * len(stored.spoken),
        window_ms=window_ms,
        total_ms=total.total_ms,
        gaps=(),
        hint=None,
        lexicon=total.lexicon,
        time_zone=listing.time_zone,
        recorded_at_ms=listing.recorded_at_ms,
    )


def _objects_of(sealed: SessionSealed, stored: StoredRows) -> Objects:
    """Return the objects of the generation. A window that failed in it has one of before it."""
    found: dict[tuple[str, int], ObjectRow] = {}
    for row in stored.objects:
        if row.generation == sealed.generation:
            found[row.kind, row.window] = row
    return found


def _with_missing_audio(first: Window, total: TotalRow) -> Window:
    """Return the first window with all missing audio of the session. Rows have no other place."""
    counted = replace(first.counted, missing=total.missing)
    return changed(first, counted=counted)


def _windows_as_stored(sealed: SessionSealed, stored: StoredRows) -> dict[int, Window]:
    """Return each window that has a row of its recognised words, as its rows say."""
    words: defaultdict[int, list[WordRow]] = defaultdict(list)
    for row in stored.words:
        words[row.window].append(row)
    windows: dict[int, Window] = {}
    for spoken in stored.spoken:
        windows[spoken.window] = _as_stored(sealed, spoken, words[spoken.window])
    return windows


def _as_stored(sealed: SessionSealed, spoken: SpokenRow, words: Collection[WordRow]) -> Window:
    rows = [_counted_row(row) for row in words]
    counted = WordsCounted(
        occurred_at_ms=sealed.occurred_at_ms,
        session_id=sealed.session_id,
        window=spoken.window,
        generation=sealed.generation,
        lexicon=sealed.lexicon,
        day=str(spoken.day),
        rows=tuple(sorted(rows, key=attrgetter("ordinal"))),
        most_rows=len(rows),
        spoken=dict(zip(spoken.speakers, spoken.spoken, strict=True)),
        missing=(),
    )
    start_ms = spoken.window * sealed.window_ms
    said_ms = (start_ms,) if spoken.spoken else ()
    return Window(counted, said_ms, is_stored=True)


def _counted_row(row: WordRow) -> CountedRow:
    return CountedRow(
        ordinal=row.ordinal,
        speaker=row.speaker,
        word=row.word,
        said_at_ms=row.said_ms,
        day=str(row.day),
        probability=0.0,
        reason=row.reason,
        maybe=row.maybe,
    )
