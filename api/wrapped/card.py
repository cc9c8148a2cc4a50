"""What a card is, and what it sees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from adapters.warehouse import Row
from api.shaping import period_before

Answers = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Said:
    """What was credited to the person for one day, session and word; milliseconds of talk and words spoken stand with the empty word."""

    day: date
    session_id: str
    word: str
    count: int
    spoken: int
    talk_ms: int


class Moment(NamedTuple):
    """A counted word and when it was said, Unix milliseconds."""

    said_ms: int
    session_id: str
    word: str
    day: date


@dataclass(frozen=True)
class Told:
    """All that the warehouse answered, for the days from `first` to `last`, both included."""

    user: str
    first: date
    last: date
    answers: Answers

    @cached_property
    def ever(self) -> list[Said]:
        """Everything, in order of days."""
        return [Said(r["day"], r["session_id"], r["word"], r["count_"], r["spoken_"], r["talk_"]) for r in self.answers["days"]]

    @cached_property
    def said(self) -> list[Said]:
        """Of the period."""
        return self.between(self.first, self.last)

    def between(self, first: date, last: date) -> list[Said]:
        """Of these days."""
        return [said for said in self.ever if first <= said.day <= last]

    @cached_property
    def moments(self) -> list[Moment]:
        """Each counted word of the period, in order of time; of the same moment by session and word."""
        found = [
            Moment(ms, row["session_id"], word, day)
            for row in self.answers["moments"]
            for ms, word, day in zip(row["said_ms"], row["words"], row["days"], strict=True)
            if self.first <= day <= self.last
        ]
        return sorted(found)

    @cached_property
    def before(self) -> list[Said]:
        """Of the period before: as many days, ending the day before the first; nothing before a period without a beginning."""
        before = period_before(self.first, self.last)
        return self.between(*before) if before else []


@dataclass(frozen=True)
class Card:
    """One number, or one picture's worth of them. `how` tells people how it was counted.

    `shape` sees the answers, and the cards before it in `after`'s order.
    """

    name: str
    how: str
    needs: tuple[str, ...]
    shape: Callable[[Told, Mapping[str, Any]], Any]
    after: tuple[str, ...] = ()


def words_of(said: list[Said]) -> dict[str, int]:
    """Counts by word, most first, ties by name."""
    counts: dict[str, int] = {}
    for one in said:
        if one.word:
            counts[one.word] = counts.get(one.word, 0) + one.count
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
