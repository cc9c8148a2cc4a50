"""Counts the words of a session again, from its objects and the log. Blocking; writes nothing.

The transcribed words and the turns are the source. Results of the stages are not looked at:
attributed words and counts are computed anew by the product's own rules. Where an object cannot be
read, that is a difference, and the log's event stands in for what would follow from the object.
"""

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from adapters.objects.lexicons import Lexicons
from adapters.objects.store import BlobStore
from deploy.audit import talk
from deploy.audit.log_facts import LogFacts
from deploy.audit.neighbours import Words, beside, follows
from deploy.audit.report import Difference
from deploy.audit.talk import Talk
from schemas.codec import Document, document, encode
from schemas.event import Pointer
from schemas.ids import SpeakerLabel
from schemas.object_kinds import LEXICON
from schemas.objects import (
    AttributedWord,
    AttributedWords,
    TranscribedWord,
    TranscribedWords,
    Turns,
)
from schemas.rejections import Rejected
from schemas.session_events import SessionSealed
from schemas.word_events import WordsCounted
from streams.attribution.events import words_attributed
from streams.attribution.speakers import attribute, ordered
from streams.tally.announce import words_counted
from streams.tally.counter import Counter


@dataclass(frozen=True)
class Window:
    """One window as it should be: its counted words, and when any word was said.

    `attributed` are the bytes of its attributed words; None when they were not computed.
    `is_stored`: it is what the rows say, which are all that is left of it, and have more columns.
    """

    counted: WordsCounted
    said_ms: tuple[int, ...]
    attributed: bytes | None = None
    is_stored: bool = False


@dataclass(frozen=True)
class Recounted:
    """The windows and speakers of a session's generation, and what could not be read of them."""

    sealed: SessionSealed
    windows: Mapping[int, Window]
    speakers: Mapping[SpeakerLabel, Talk]
    differences: tuple[Difference, ...] = ()


@dataclass
class _Work:
    """One session on its way."""

    facts: LogFacts
    sealed: SessionSealed
    turns: Turns | None = None
    lost: list[Difference] = field(default_factory=list)


class Counters:
    """One counter for each version of the lexicon, which is fetched once. Blocking."""

    def __init__(self, blobs: BlobStore) -> None:
        self._lexicons = Lexicons(blobs)
        self._by_version: dict[str, Counter] = {}

    def of(self, version: str) -> Counter | None:
        """Return the counter of a version; None when its lexicon cannot be read."""
        if version not in self._by_version:
            try:
                self._by_version[version] = Counter(self._lexicons.get(version))
            except Rejected:
                return None
        return self._by_version[version]


class Recounting:
    """Counts sessions of which the log has all again."""

    def __init__(self, blobs: BlobStore, counters: Counters, pace: Callable[[], None]) -> None:
        """`pace` is called before each object is read, and may wait."""
        self._blobs = blobs
        self._pace = pace
        self._counters = counters

    def recount(self, facts: LogFacts) -> Recounted | None:
        """Return the session as it should be; None when the log has no sealed generation of it.

        Raises TransientError when the store is away.
        """
        if facts.sealed is None or facts.is_erased:
            return None
        work = _Work(facts, facts.sealed)
        speakers = self._speakers(work)
        words = self._words(work)
        windows: dict[int, Window] = {}
        for number in range(len(facts.sealed.windows)):
            window = self._window(work, number, words) or _logged(facts, number)
            if window is not None:
                windows[number] = window
        return Recounted(facts.sealed, windows, speakers, tuple(work.lost))

    def _speakers(self, work: _Work) -> dict[SpeakerLabel, Talk]:
        """The talk of each speaker. Keeps the turns, when they can be read, for the words."""
        identified = work.facts.identified
        if not work.sealed.windows:
            return {}
        if identified is None or identified.generation != work.sealed.generation:
            where = "speech.speakers.identified.v1"
            work.lost.append(_absent(work, where, "the sealed generation has no speakers"))
            return {}
        if not work.facts.is_text_gone:
            work.turns = self._document(work, identified.turns, Turns)
        if work.turns is None:
            return talk.of_summaries(identified.speakers)
        return talk.of(work.turns)

    def _words(self, work: _Work) -> Words:
        """The words of each window that can be read, with their speakers."""
        found: dict[int, tuple[AttributedWord, ...]] = {}
        if work.turns is None:
            return found
        turns = ordered(work.turns)
        for number, revision in enumerate(work.sealed.windows):
            words = self._transcribed(work, number, revision)
            if words is not None:
                found[number] = attribute(words, turns)
        return found

    def _transcribed(
        self, work: _Work, number: int, revision: int
    ) -> tuple[TranscribedWord, ...] | None:
        """The words of a window as they were transcribed; None when they cannot be read."""
        transcribed = work.facts.transcribed.get(number)
        if transcribed is None or transcribed.revision != revision:
            where = "speech.window.transcribed.v1"
            what = f"window {number} has no result of its sealed revision"
            work.lost.append(_absent(work, where, what))
            return None
        if transcribed.result is None:
            return ()
        found = self._document(work, transcribed.result, TranscribedWords)
        return None if found is None else found.words

    def _window(self, work: _Work, number: int, words: Words) -> Window | None:
        if number not in words:
            return None
        counter = self._counter(work)
        if counter is None:
            return None
        transcribed = work.facts.transcribed[number]
        said, body = self._stored(work, number, words)
        counts = counter.count_window(said)
        most_rows = len(counts)
        former = work.facts.counted.get(number)
        if former is not None:
            most_rows = max(most_rows, former.event.most_rows)
        event = words_attributed(
            work.sealed, number, None, transcribed.missing, transcribed.occurred_at_ms
        )
        has_object = transcribed.result is not None
        return Window(
            counted=words_counted(event, said, work.sealed.lexicon, counts, most_rows),
            said_ms=tuple(word.start_ms for word in said.words),
            attributed=body if has_object else None,
        )

    def _stored(self, work: _Work, number: int, words: Words) -> tuple[AttributedWords, bytes]:
        """The words and their bytes: those that are stored, where they say the same.

        A worker of another version writes other bytes: it leaves a field out, or has one more.
        """
        said = beside(words, number)
        computed = encode(said)
        event = work.facts.attributed.get(number)
        if event is None or event.words is None:
            return said, computed
        if hashlib.sha256(computed).hexdigest() == event.words.sha256:
            return said, computed
        self._pace()
        with contextlib.suppress(Rejected):
            body = self._blobs.get(event.words)
            stored = document(body, AttributedWords)
            if follows(stored, words, number):
                return stored, body
        return said, computed

    def _counter(self, work: _Work) -> Counter | None:
        version = work.sealed.lexicon
        counter = self._counters.of(version)
        if counter is None:
            where = LEXICON.before("sha256", version=version)
            missed = _absent(work, where, "the lexicon that counted the session cannot be read")
            if missed not in work.lost:
                work.lost.append(missed)
        return counter

    def _document(self, work: _Work, pointer: Pointer, kind: type[Document]) -> Document | None:
        self._pace()
        try:
            return document(self._blobs.get(pointer), kind)
        except Rejected as error:
            what = f"the object cannot be read ({error.reason})"
            work.lost.append(_absent(work, pointer.key, what))
            return None


def _logged(facts: LogFacts, number: int) -> Window | None:
    """Return the window as it was counted, where its objects say nothing."""
    counted = facts.counted.get(number)
    if counted is None or facts.sealed is None:
        return None
    event = counted.event
    if event.generation != facts.sealed.generation:
        return None
    start_ms = number * facts.sealed.window_ms
    # The event does not say when a word was said: any moment of the window stands for all.
    said_ms = (start_ms,) if event.spoken else ()
    return Window(event, said_ms)


def _absent(work: _Work, where: str, what: str) -> Difference:
    return Difference(
        session_id=work.facts.session_id,
        where=where,
        what=what,
        advice="Restore it from a backup, or replay its window: `lahstats dlq list` says which.",
    )
