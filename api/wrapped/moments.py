"""When each counted word was said, in columns: a year of a talkative person is thousands of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Self

import numpy as np

from adapters.warehouse import Row

Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Moments:
    """In order of session and time. `sessions`: their ids, sorted; `session[i]`: the place of word i's there; `day[i]`: its day as an ordinal."""

    sessions: Sequence[str]
    session: Ints
    said_ms: Ints
    day: Ints
    words: Sequence[str]

    @classmethod
    def of(cls, rows: Sequence[Row], first: date, last: date) -> Self:
        """Of the rows of `questions.VOICES` those of these days, both included."""
        sessions = sorted({row["session_id"] for row in rows})
        place, lengths = (
            {session: n for n, session in enumerate(sessions)},
            [len(row["words"]) for row in rows],
        )
        session = np.repeat(_ints([place[row["session_id"]] for row in rows]), lengths)
        said_ms, day = (
            _ints([*chain.from_iterable(row["said_ms"] for row in rows)]),
            _days(rows, lengths),
        )
        order = np.lexsort((said_ms, session))
        order = order[(day[order] >= first.toordinal()) & (day[order] <= last.toordinal())]
        words = [*chain.from_iterable(row["words"] for row in rows)]
        return cls(
            sessions, session[order], said_ms[order], day[order], [words[i] for i in order.tolist()]
        )

    def __len__(self) -> int:
        """How many words."""
        return len(self.words)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, np.int64)


def _days(rows: Sequence[Row], lengths: Sequence[int]) -> Ints:
    """One day stands for all words of a row, or each has its own."""
    found = [_ints([day.toordinal() for day in row["said_days"]]) for row in rows]
    whole = [
        np.repeat(days, length) if len(days) == 1 else days
        for days, length in zip(found, lengths, strict=True)
    ]
    return np.concatenate([_ints([]), *whole])
