"""One person's period from raw events: the words that they said, and the talk that they had."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from tests.reference.history import Recorded, Utterance

DAY = timedelta(days=1)
Name = TypeVar("Name", str, int, date, tuple[int, str])


@dataclass(frozen=True)
class Said:
    """One counted word, in the session in which it was said."""

    session: Recorded
    utterance: Utterance

    @property
    def word(self) -> str:
        """The word."""
        return self.utterance.word

    @property
    def day(self) -> date:
        """The day on which it was said."""
        return self.session.day(self.utterance.at_ms)

    @property
    def hour(self) -> int:
        """The hour on the clock of the place."""
        return self.session.local(self.utterance.at_ms).hour

    @property
    def unix_ms(self) -> int:
        """The moment at which it was said."""
        return self.session.start_ms + self.utterance.at_ms


@dataclass(frozen=True)
class Talk:
    """All talk of one speaker of a session. It belongs to the day on which the session began."""

    session: Recorded
    speaker: str

    @property
    def day(self) -> date:
        """The day of the session's beginning."""
        return self.session.day(0)

    @property
    def talk_ms(self) -> int:
        """How long they talked."""
        return self.session.talk_ms[self.speaker]

    @property
    def spoken(self) -> int:
        """How many words were recognised."""
        return self.session.spoken[self.speaker]


class Period:
    """One person's period, computed from everything that ever happened."""

    def __init__(self, history: Sequence[Recorded], user: str, first: date, last: date) -> None:
        self.history = history
        self.user = user
        self.first = first
        self.last = last

    def words_of(self, user: str, first: date, last: date) -> list[Said]:
        """The counted words of a person that were said on these days."""
        found: list[Said] = []
        for session in self.history:
            for utterance in session.final:
                said = Said(session, utterance)
                is_theirs = session.owner(utterance.speaker) == user
                if is_theirs and first <= said.day <= last:
                    found.append(said)
        return found

    def words(self) -> list[Said]:
        """The person's counted words of the period."""
        return self.words_of(self.user, self.first, self.last)

    def talks_between(self, first: date, last: date) -> list[Talk]:
        """The person's talk in sessions that began on these days, where there was any."""
        found: list[Talk] = []
        for session in self.history:
            for speaker in session.talk_ms:
                talk = Talk(session, speaker)
                is_theirs = session.owner(speaker) == self.user
                is_empty = talk.talk_ms == 0 and talk.spoken == 0
                if is_theirs and not is_empty and first <= talk.day <= last:
                    found.append(talk)
        return found

    def talks(self) -> list[Talk]:
        """The person's talk of the period."""
        return self.talks_between(self.first, self.last)

    def sessions_of_period(self) -> list[Recorded]:
        """The sessions in which the person said a counted word or talked, each once."""
        found = {said.session.session_id: said.session for said in self.words()}
        for talk in self.talks():
            found[talk.session.session_id] = talk.session
        return list(found.values())

    def figures(self, first: date, last: date) -> dict[str, Any]:
        """Sums of the person's words and talk of these days."""
        words = self.words_of(self.user, first, last)
        talks = self.talks_between(first, last)
        recognised = sum(talk.spoken for talk in talks)
        talk_ms = sum(talk.talk_ms for talk in talks)
        rate = None
        if recognised >= 500:
            rate = round(1000 * len(words) / recognised, 1)
        return {
            "counts": len(words),
            "words": recognised,
            "distinct_words": len({said.word for said in words}),
            "sessions": len(session_ids(words, talks)),
            "talk_s": talk_ms / 1000,
            "active_days": len(active_days(words, talks)),
            "rate_per_1000": rate,
        }

    def before(self) -> tuple[date, date]:
        """First and last day of the period before: whole months before whole months."""
        after = self.last + DAY
        if (self.first.day, after.day) != (1, 1):
            return self.first - (after - self.first), self.first - DAY
        first = self.first
        month = self.first
        while month < after:
            month = (month + 31 * DAY).replace(day=1)
            first = (first - DAY).replace(day=1)
        return first, self.first - DAY

    def densest(self, within_ms: int) -> dict[str, Any] | None:
        """The stretch of this length with the most counts, the earliest of equal ones."""
        words = self.words()
        counts: Counter[tuple[int, str]] = Counter()
        for first in words:
            start = (first.unix_ms, first.session.session_id)
            counts[start] = sum(_is_within(said, first, within_ms) for said in words)
        if not counts:
            return None
        best = most_first(counts)[0]
        from_ms, session_id = best
        return {"counts": counts[best], "from_ms": from_ms, "session_id": session_id}


def _is_within(said: Said, first: Said, within_ms: int) -> bool:
    """Whether a word lies in the stretch that begins with `first`, in the same session."""
    if said.session is not first.session:
        return False
    return first.unix_ms <= said.unix_ms < first.unix_ms + within_ms


def session_ids(words: Iterable[Said], talks: Iterable[Talk]) -> set[str]:
    """The sessions of some words and talk."""
    return {said.session.session_id for said in words} | {talk.session.session_id for talk in talks}


def active_days(words: Iterable[Said], talks: Iterable[Talk]) -> set[date]:
    """The days of some words and talk."""
    return {said.day for said in words} | {talk.day for talk in talks}


def counts_by_word(words: Iterable[Said]) -> Counter[str]:
    """How often each word was said."""
    return Counter(said.word for said in words)


def most_first(numbers: Mapping[Name, float]) -> list[Name]:
    """The names in order: the largest number first, equal ones by name."""
    by_name = sorted(numbers)
    return sorted(by_name, key=numbers.__getitem__, reverse=True)
