"""Pure: when each counted word was said, in columns, because a year has thousands of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

import numpy as np

from api.date_range import DateRange
from api.wrapped.rows import VoiceRow
from schemas.ids import SessionId

Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class WordTimes:
    """Counted words in order of session and time; all but `sessions` have one entry a word.

    `sessions`: ids, sorted. `session`: index into `sessions`. `said_ms`: Unix milliseconds.
    `day`: the session's day as an ordinal.
    """

    sessions: Sequence[SessionId]
    session: Ints
    said_ms: Ints
    day: Ints
    words: Sequence[str]

    @classmethod
    def of(cls, voices: Sequence[VoiceRow], days: DateRange) -> Self:
        """The words of these days."""
        sessions = sorted({voice.session_id for voice in voices})
        index = {session_id: n for n, session_id in enumerate(sessions)}
        lengths = [len(voice.words) for voice in voices]
        session = np.repeat(_ints([index[voice.session_id] for voice in voices]), lengths)
        said_ms = _ints(list(chain.from_iterable(voice.said_ms for voice in voices)))
        day = _days(voices)
        words = list(chain.from_iterable(voice.words for voice in voices))
        order = np.lexsort((said_ms, session))
        first = days.first.toordinal()
        last = days.last.toordinal()
        order = order[(day[order] >= first) & (day[order] <= last)]
        return cls(
            sessions=sessions,
            session=session[order],
            said_ms=said_ms[order],
            day=day[order],
            words=[words[n] for n in order.tolist()],
        )

    def __len__(self) -> int:
        """How many words."""
        return len(self.words)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, np.int64)


def _days(voices: Sequence[VoiceRow]) -> Ints:
    return np.concatenate([_ints([]), *(_days_of(voice) for voice in voices)])


def _days_of(voice: VoiceRow) -> Ints:
    """The day of each word; a single entry is that of all of them."""
    days = _ints([day.toordinal() for day in voice.said_days])
    if len(days) == 1:
        return np.repeat(days, len(voice.words))
    return days
