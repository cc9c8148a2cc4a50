"""Pure: the counts of speakers, added up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from api.figures import most_first, rate
from api.sessions.models import Rates, SpeakerRates
from api.sessions.speaker_rows import CountRow
from schemas.ids import SpeakerLabel

Row = TypeVar("Row", bound=CountRow)


def by_speaker(rows: Iterable[Row]) -> dict[SpeakerLabel, list[Row]]:
    """The rows of each speaker, in their order."""
    by_label: dict[SpeakerLabel, list[Row]] = {}
    for row in rows:
        by_label.setdefault(row.speaker, []).append(row)
    return by_label


def counts_of(rows: Iterable[CountRow]) -> dict[str, int]:
    """Counts by word, most first."""
    counts: Counter[str] = Counter()
    for row in rows:
        if row.word and row.count:
            counts[row.word] += row.count
    return most_first(counts)


@dataclass(frozen=True)
class Spoken:
    """Recognised words, and the counted ones among them: most first."""

    words_spoken: int
    words: dict[str, int]

    @classmethod
    def of(cls, rows: Sequence[CountRow]) -> Self:
        """All rows together."""
        words_spoken = sum(row.spoken for row in rows)
        return cls(words_spoken, counts_of(rows))

    @property
    def singlish_words(self) -> int:
        """How many words were counted."""
        return sum(self.words.values())

    @property
    def rate_per_1000(self) -> float | None:
        """Counts per 1,000 words; None when there are too few words."""
        return rate(self.singlish_words, self.words_spoken)

    @property
    def top_word(self) -> str | None:
        """The word that was counted most."""
        return next(iter(self.words), None)

    def rates(self) -> Rates:
        """As an answer."""
        return Rates(
            words_spoken=self.words_spoken,
            singlish_words=self.singlish_words,
            rate_per_1000=self.rate_per_1000,
            top_word=self.top_word,
            words=self.words,
        )

    def rates_of(self, speaker: SpeakerLabel) -> SpeakerRates:
        """As an answer about one speaker."""
        return SpeakerRates(speaker=speaker, **dict(self.rates()))
