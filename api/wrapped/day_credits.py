"""Pure: the credits of a user, by speaker and day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from api.wrapped.rows import VoiceRow
from schemas.ids import SessionId


class DayCredit(msgspec.Struct, frozen=True, gc=False):
    """Credited for one speaker and day: either counts by word, or recognised words and talk.

    `count` is the sum of `words`. Without garbage collection, because there are thousands.
    """

    day: date
    session_id: SessionId
    words: Mapping[str, int]
    count: int
    spoken: int
    talk_ms: int


def day_credits(voices: Iterable[VoiceRow]) -> list[DayCredit]:
    """All of them, in order of days."""
    credited: list[DayCredit] = []
    for voice in voices:
        credited.extend(_talk(voice))
        credited.extend(_counts(voice))
    return sorted(credited, key=_day)


def _day(credit: DayCredit) -> date:
    return credit.day


def _talk(voice: VoiceRow) -> Iterator[DayCredit]:
    talk_ms = voice.talk_ms
    for day, spoken in zip(voice.days, voice.spoken, strict=True):
        if spoken or talk_ms:
            yield DayCredit(day, voice.session_id, {}, 0, spoken, talk_ms)
        talk_ms = 0  # it belongs to the first day


def _counts(voice: VoiceRow) -> Iterator[DayCredit]:
    for day, words in _words_by_day(voice).items():
        yield DayCredit(day, voice.session_id, Counter(words), len(words), 0, 0)


def _words_by_day(voice: VoiceRow) -> dict[date, list[str]]:
    if not voice.words:
        return {}
    if len(voice.said_days) == 1:
        return {voice.said_days[0]: voice.words}
    by_day: dict[date, list[str]] = defaultdict(list)
    for word, day in zip(voice.words, voice.said_days, strict=True):
        by_day[day].append(word)
    return by_day
