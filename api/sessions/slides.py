"""Pure: the slide show after a recording."""

from collections.abc import Mapping
from itertools import islice

from api.answers import Answer, Instant, example
from api.figures import minutes, share
from api.sessions.models import MissingAudio, Results, SessionAnswer, SpeakerRates, Uncounted
from api.sessions.speaker_models import ClaimAnswer, Clip, SpeakerAnswer, SpeakerList, WordCount
from api.sessions.speakers import word_counts
from schemas.ids import SessionId, SpeakerLabel, label_order
from schemas.session_events import State

MOST_WORDS = 5
"""Words that fit on a slide."""
HOW = {
    "table": (
        "Every counted word that anybody at the table said, claimed or not. "
        "The rate is told from 500 words on."
    ),
    "slides": (
        "Words that this voice said. Where two spoke at once, a word goes to whom it fits best. "
        "A claim moves them all to whoever made it."
    ),
}


class Table(Answer):
    """Everybody in the session together."""

    speakers: int
    minutes: float
    counts: int
    words_spoken: int
    rate_per_1000: float | None
    top_words: list[WordCount]


class Slide(Answer):
    """One speaker."""

    speaker: SpeakerLabel
    claim: ClaimAnswer | None
    talk_s: float
    talk_share: float
    counts: int
    words_spoken: int
    rate_per_1000: float | None
    top_words: list[WordCount]
    clip: Clip | None


class SessionWrapped(Answer):
    """One slide for the table, then one for each speaker: most counts first."""

    model_config = example(
        {
            "session_id": "0192f3c4-5b6a-7c8d-9e0f-112233445566",
            "group_id": "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a",
            "state": "completed",
            "recorded_at": "2026-11-24T12:00:00+00:00",
            "clock_corrected": False,
            "time_zone": "Asia/Singapore",
            "table": {
                "speakers": 2,
                "minutes": 1.5,
                "counts": 13,
                "words_spoken": 620,
                "rate_per_1000": 21.0,
                "top_words": [],
            },
            "slides": [],
            "missing_audio": [],
            "uncounted": [],
            "how": HOW,
        }
    )
    session_id: SessionId
    group_id: str | None
    state: State
    recorded_at: Instant
    clock_corrected: bool
    time_zone: str
    table: Table
    slides: list[Slide]
    missing_audio: list[MissingAudio]
    uncounted: list[Uncounted]
    how: dict[str, str]


def session_wrapped(
    session: SessionAnswer, speakers: SpeakerList, results: Results
) -> SessionWrapped:
    """The slides. A slide has a clip when its speaker has one."""
    rates = {row.speaker: row for row in results.speakers}
    talk_s = sum(speaker.talk_s for speaker in speakers.speakers)
    slides = [_slide(one, rates.get(one.speaker), talk_s) for one in speakers.speakers]
    return SessionWrapped(
        session_id=session.session_id,
        group_id=session.group_id,
        state=session.state,
        recorded_at=session.recorded_at,
        clock_corrected=session.clock_corrected,
        time_zone=session.time_zone,
        table=_table(session, speakers, results),
        slides=sorted(slides, key=_order),
        missing_audio=session.missing_audio,
        uncounted=session.uncounted,
        how=HOW,
    )


def _table(session: SessionAnswer, speakers: SpeakerList, results: Results) -> Table:
    total = results.total
    top = dict(islice(total.words.items(), MOST_WORDS))
    return Table(
        speakers=len(speakers.speakers),
        minutes=minutes(round(1000 * session.audio_s)),
        counts=total.singlish_words,
        words_spoken=total.words_spoken,
        rate_per_1000=total.rate_per_1000,
        top_words=word_counts(top, _emoji(speakers)),
    )


def _emoji(speakers: SpeakerList) -> Mapping[str, str]:
    return {word.word: word.emoji for speaker in speakers.speakers for word in speaker.words}


def _slide(speaker: SpeakerAnswer, rates: SpeakerRates | None, talk_s: float) -> Slide:
    words_spoken = 0
    rate_per_1000 = None
    if rates:
        words_spoken = rates.words_spoken
        rate_per_1000 = rates.rate_per_1000
    return Slide(
        speaker=speaker.speaker,
        claim=speaker.claim,
        talk_s=speaker.talk_s,
        talk_share=share(speaker.talk_s, talk_s),
        counts=sum(word.count for word in speaker.words),
        words_spoken=words_spoken,
        rate_per_1000=rate_per_1000,
        top_words=speaker.words[:MOST_WORDS],
        clip=speaker.clips[0] if speaker.clips else None,
    )


def _order(slide: Slide) -> tuple[int, tuple[int, str]]:
    return -slide.counts, label_order(slide.speaker)
