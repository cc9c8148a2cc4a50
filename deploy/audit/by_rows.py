"""Sessions whose beginning has left the log: their objects and rows against each other. Blocking.

Words are counted again from the attributed words, totals and credits from those. Of a session
whose text has expired the counted words themselves are the source of its totals.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace as changed
from operator import attrgetter

import msgspec
from msgspec.structs import replace

from adapters.objects.store import BlobStore
from deploy.audit import talk
from deploy.audit.log_facts import LogFacts, Place
from deploy.audit.recount import Counters, Recounted, Window
from deploy.audit.report import Difference
from deploy.audit.stored_rows import (
    ClaimRow,
    ObjectRow,
    SpokenRow,
    StoredRows,
    TotalRow,
    VerdictRow,
    WordRow,
)
from deploy.audit.talk import Talk
from schemas.claim_events import ClaimKind, CountJudged, SpeakerClaimed, Verdict
from schemas.event import Pointer
from schemas.ids import SpeakerLabel, UserId
from schemas.object_kinds import EXPIRY_MARKER
from schemas.objects import AttributedWords, Turns
from schemas.rejections import Rejected
from schemas.session_events import Cause, SessionSealed
from schemas.word_events import CountedRow, WordsCounted
from streams.attribution.events import words_attributed
from streams.tally.announce import words_counted

Objects = Mapping[tuple[str, int], ObjectRow]
"""By kind and window."""


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
        (total, *_) = stored.totals
        sealed = _sealed(facts, stored, total, window_ms)
        lost: list[Difference] = []
        said: dict[int, list[WordRow]] = defaultdict(list)
        for row in stored.words:
            said[row.window].append(row)
        has_text = EXPIRY_MARKER.key(session_id=facts.session_id) not in objects
        spoken = {row.window: row for row in stored.spoken}
        kept = _objects_of(sealed, stored)
        windows: dict[int, Window] = {}
        for number in sorted({*spoken, *(number for kind, number in kept if kind == "words")}):
            found = self._window(sealed, kept, number, lost) if has_text else None
            if found is None and number in spoken:
                found = _as_stored(sealed, spoken[number], said[number])
            if found is not None:
                windows[number] = found
        if 0 in windows:
            windows[0] = _lacking(windows[0], total)
        return Recounted(sealed, windows, self._speakers(stored, kept, lost), tuple(lost))

    def _window(
        self,
        sealed: SessionSealed,
        kept: Objects,
        number: int,
        lost: list[Difference],
    ) -> Window | None:
        body = self._body(kept.get(("words", number)), lost)
        counter = self._counters.of(sealed.lexicon)
        if body is None or counter is None:
            return None
        words = msgspec.json.decode(body, type=AttributedWords)
        event = words_attributed(sealed, number, None, (), sealed.occurred_at_ms)
        counted = counter.count_window(words)
        said_ms = tuple(word.start_ms for word in words.words)
        return Window(words_counted(event, words, sealed.lexicon, counted, len(counted)), said_ms)

    def _speakers(
        self, stored: StoredRows, kept: Objects, lost: list[Difference]
    ) -> dict[SpeakerLabel, Talk]:
        body = self._body(kept.get(("turns", 0)), lost)
        if body is not None:
            return talk.of(msgspec.json.decode(body, type=Turns))
        return {
            row.speaker: Talk(row.talk_ms, row.turns, row.overlap_ms)
            for row in stored.speakers
            if not row.word and row.turns
        }

    def _body(self, row: ObjectRow | None, lost: list[Difference]) -> bytes | None:
        if row is None:
            return None
        self._pace()
        try:
            return self._blobs.get(Pointer(key=row.key, sha256=row.sha256, size=0))
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
    of_now = [row for row in stored.objects if row.generation == sealed.generation]
    return {(row.kind, row.window): row for row in of_now}


def _lacking(first: Window, total: TotalRow) -> Window:
    """The first window, with all missing audio of the session."""
    counted = replace(first.counted, missing=total.missing)
    return changed(first, counted=counted)


def _as_stored(sealed: SessionSealed, spoken: SpokenRow, said: Collection[WordRow]) -> Window:
    rows = [_counted_row(row) for row in said]
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


def claims_of(rows: Collection[ClaimRow]) -> dict[SpeakerLabel, SpeakerClaimed]:
    """Return the claims that users have, as events, where the log has them no more."""
    return {
        row.speaker: SpeakerClaimed(
            occurred_at_ms=0,
            session_id=row.session_id,
            request_id="",
            speaker=row.speaker,
            by=row.user_id,
            kind=ClaimKind(row.kind),
            user_id=row.user_id or None,
            guest_name=row.guest_name or None,
            claim_version=0,
            unclaimed=0,
        )
        for row in rows
        if row.kind in set(ClaimKind)
    }


def verdicts_of(rows: Collection[VerdictRow]) -> dict[Place, CountJudged]:
    """Return the verdicts on counts, as events, where the log has them no more."""
    return {
        (row.speaker, row.word, row.said_ms): CountJudged(
            occurred_at_ms=0,
            session_id=row.session_id,
            request_id="",
            speaker=row.speaker,
            by=UserId(""),
            word=row.word,
            said_at_ms=row.said_ms,
            day=str(row.day),
            verdict=Verdict(row.verdict),
            claim_version=0,
        )
        for row in rows
    }
