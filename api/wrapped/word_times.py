"""Pure: when each counted word was said, in columns, because a year has thousands of them."""

from collections.abc import Iterable, Sequence
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
        session = _indices(voices, sessions)
        said_ms = _joined([voice.said_ms for voice in voices])
        day = _joined([_days(voice) for voice in voices])
        words: list[str] = []
        for voice in voices:
            words += voice.words
        in_time = np.lexsort((said_ms, session))
        since_first = day >= days.first.toordinal()
        until_last = day <= days.last.toordinal()
        is_wanted = since_first & until_last
        order = in_time[is_wanted[in_time]]
        return cls(
            sessions=sessions,
            session=session[order],
            said_ms=said_ms[order],
            day=day[order],
            words=[words[n] for n in order.tolist()],
        )

    def session_id(self, word: int) -> SessionId:
        """The session in which a word was said."""
        index = int(self.session[word])
        return self.sessions[index]

    def __len__(self) -> int:
        """How many words."""
        return len(self.words)


def _indices(voices: Sequence[VoiceRow], sessions: Sequence[SessionId]) -> Ints:
    """For each word the index of its session."""
    index_of = {session_id: n for n, session_id in enumerate(sessions)}
    indices = np.array([index_of[voice.session_id] for voice in voices], np.int64)
    lengths = [len(voice.words) for voice in voices]
    return np.repeat(indices, lengths)


def _days(voice: VoiceRow) -> list[int]:
    """The day of each word as an ordinal; a single entry is that of all of them."""
    days = [day.toordinal() for day in voice.said_days]
    if len(days) == 1:
        return days * len(voice.words)
    return days


def _joined(values: Iterable[Sequence[int]]) -> Ints:
    joined = list(chain.from_iterable(values))
    return np.array(joined, np.int64)
