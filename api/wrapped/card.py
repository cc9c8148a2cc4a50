"""What a card is, and what it sees."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import xor
from typing import Any, Self

import msgspec

from adapters.warehouse import Row
from api.figures import period_before
from api.wrapped.moments import Moments

Answers = Mapping[str, list[Row]]
MOST_COMPANY = 5


class Said(msgspec.Struct, frozen=True, gc=False):
    """What was credited to the person for one voice and day: counts by word, or the words spoken and milliseconds of talk."""

    day: date
    session_id: str
    words: Mapping[str, int]
    count: int
    spoken: int
    talk_ms: int


@dataclass(frozen=True)
class Told:
    """All that the warehouse answered, for the days from `first` to `last`, both included, and what several cards make of it.

    `mark`: of which versions of the person's rows it is (`questions.MARK`). `ever`: everything, in order of days; `said`: of the period;
    `before`: of as many days before it, nothing when none can be before. `words`: counts of the period, most first, ties by name.
    `company`: up to five who have a voice in sessions of the period in which the person took part, and in how many; most first, ties by id.
    """

    user: str
    first: date
    last: date
    answers: Answers
    mark: int
    ever: Sequence[Said]
    said: Sequence[Said]
    before: Sequence[Said]
    words: Mapping[str, int]
    moments: Moments
    company: Sequence[tuple[str, int]]

    @classmethod
    def of(cls, user: str, first: date, last: date, answers: Answers) -> Self:
        """Made at once: `cached_property` would have all askers wait for one another."""
        mark = reduce(xor, (row["mark"] for row in answers["voices"]), 0)
        ever = sorted(
            [*_talk(answers["voices"]), *_counts(answers["voices"])], key=lambda said: said.day
        )
        said, before = _between(ever, first, last), period_before(first, last)
        former, moments = (
            _between(ever, *before) if before else [],
            Moments.of(answers["voices"], first, last),
        )
        return cls(
            user,
            first,
            last,
            answers,
            mark,
            ever,
            said,
            former,
            ranked(Counter(moments.words)),
            moments,
            _company(answers, said),
        )


def _company(answers: Answers, said: Iterable[Said]) -> list[tuple[str, int]]:
    mine = {one.session_id for one in said}
    met = {
        (row["session_id"], other)
        for row in answers["voices"]
        if row["session_id"] in mine
        for other in row["company"]
    }
    return list(ranked(Counter(other for _, other in met)).items())[:MOST_COMPANY]


def _between(ever: Iterable[Said], first: date, last: date) -> list[Said]:
    return [said for said in ever if first <= said.day <= last]


def _talk(voices: Iterable[Row]) -> Iterator[Said]:
    for row in voices:
        talk_ms = row["talk_ms"]
        for day, spoken in zip(row["days"], row["spoken"], strict=True):
            if spoken or talk_ms:
                yield Said(day, row["session_id"], {}, 0, spoken, talk_ms)
            talk_ms = 0  # of the first day


def _counts(voices: Iterable[Row]) -> Iterator[Said]:
    for row in (row for row in voices if row["words"]):
        words, days = row["words"], row["said_days"]
        by_day = (
            {day: [w for w, of in zip(words, days, strict=True) if of == day] for day in {*days}}
            if len(days) > 1
            else {days[0]: words}
        )
        for day, said in by_day.items():
            yield Said(day, row["session_id"], Counter(said), len(said), 0, 0)


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


def ranked(counts: Mapping[str, int]) -> dict[str, int]:
    """Most first, ties by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
