"""What a card is, and what it sees."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from itertools import repeat
from operator import xor
from typing import Any

import msgspec

from adapters.warehouse import Row
from api.shaping import period_before

Answers = Mapping[str, list[Row]]


class Said(msgspec.Struct, frozen=True, gc=False):
    """What was credited to the person for one day, session and word; milliseconds of talk and words spoken stand with the empty word."""

    day: date
    session_id: str
    word: str
    count: int
    spoken: int
    talk_ms: int


Moment = tuple[int, str, date]
"""When a counted word was said, Unix milliseconds; the word; the session's day."""


@dataclass(frozen=True)
class Told:
    """All that the warehouse answered, for the days from `first` to `last`, both included."""

    user: str
    first: date
    last: date
    answers: Answers

    @cached_property
    def mark(self) -> int:
        """Which versions of the person's rows were read, as one number (`questions.MARK`)."""
        return reduce(xor, (row["mark"] for name in ("days", "moments") for row in self.answers[name]), 0)

    @cached_property
    def ever(self) -> list[Said]:
        """Everything, in order of days."""
        found = []
        for row in sorted(self.answers["days"], key=lambda row: (row["day"], row["session_id"])):
            day, session = row["day"], row["session_id"]
            if row["spoken"] or row["talk_ms"]:
                found.append(Said(day, session, "", 0, row["spoken"], row["talk_ms"]))
            found += [Said(day, session, word, count, 0, 0) for word, count in zip(row["words"], row["counts"], strict=True)]
        return found

    @cached_property
    def said(self) -> list[Said]:
        """Of the period."""
        return self.between(self.first, self.last)

    def between(self, first: date, last: date) -> list[Said]:
        """Of these days."""
        return [said for said in self.ever if first <= said.day <= last]

    @cached_property
    def moments(self) -> dict[str, list[Moment]]:
        """Each counted word of the period by session, in order of time, of the same moment by word. No session without any."""
        found: dict[str, list[Moment]] = {}
        for row in self.answers["moments"]:
            days = row["days"] if len(row["days"]) > 1 else repeat(row["days"][0], len(row["words"]))
            of_voice: Iterable[Moment] = zip(row["said_ms"], row["words"], days, strict=True)
            if not self.first <= min(row["days"]) <= max(row["days"]) <= self.last:
                of_voice = [moment for moment in of_voice if self.first <= moment[2] <= self.last]
            found.setdefault(row["session_id"], []).extend(of_voice)
        return {session: sorted(moments) for session, moments in found.items() if moments}

    @cached_property
    def words(self) -> dict[str, int]:
        """Counts of the period by word, most first, ties by name."""
        return words_of(self.said)

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
