"""Answers about sessions."""

from pydantic import Field

from api.answers import Answer, Instant, example
from schemas.ids import SessionId, SpeakerLabel
from schemas.rejections import Reason
from schemas.session_events import Failure, State

SESSION = "0192f3c4-5b6a-7c8d-9e0f-112233445566"
GROUP = "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a"
WHEN = "2026-11-24T12:00:00+00:00"
Counts = dict[str, int]
RATE = "Singlish words per 1,000 words, from 500 words on"


class MissingAudio(Answer):
    """A span that nobody could count: a gap, or windows that failed."""

    start_s: float
    end_s: float


class Progress(Answer):
    """How many windows there are, and how many of them each stage has done."""

    windows: int
    transcribed: int
    voiced: int
    counted: int


class ProvisionalSpeaker(Answer):
    """A speaker and the speaker's words while the phone still records. Final labels may differ."""

    speaker: SpeakerLabel
    talk_s: float
    words_spoken: int
    words: Counts = Field(description="Counts by word, most first")


class Provisional(Answer):
    """Known while the phone still records; never part of a total."""

    eta_s: float | None = Field(description="Until it is ready; null until the phone has stopped")
    speakers: list[ProvisionalSpeaker]


class SessionFailure(Answer):
    """Why a failed session has no counts, in words, and what its people can do."""

    lacks: Failure
    happened: str
    advice: str


class Uncounted(Answer):
    """Something of the session that could not be counted, and why."""

    reason: Reason
    happened: str


class PossibleHint(Answer):
    """A number of people who may have talked."""

    speakers: int
    probability: float = Field(description="From 0 to 1")


class SessionAnswer(Answer):
    """One session: its state, progress by stage, missing audio and speakers."""

    model_config = example(
        {
            "session_id": SESSION,
            "group_id": GROUP,
            "owned": True,
            "state": "recording",
            "generation": 0,
            "recorded_at": WHEN,
            "clock_corrected": False,
            "time_zone": "Asia/Singapore",
            "audio_s": 65.4,
            "progress": {"windows": 4, "transcribed": 4, "voiced": 3, "counted": 2},
            "missing_audio": [],
            "speakers": [],
            "provisional": {
                "eta_s": 12.5,
                "speakers": [
                    {"speaker": "S1", "talk_s": 9.0, "words_spoken": 31, "words": {"lah": 2}}
                ],
            },
        }
    )
    session_id: SessionId
    group_id: str | None
    owned: bool = Field(description="Whether the caller recorded it")
    state: State
    generation: int
    recorded_at: Instant
    clock_corrected: bool = Field(
        description="`recorded_at` is the time of arrival: the phone's clock was impossible"
    )
    time_zone: str
    audio_s: float
    progress: Progress
    missing_audio: list[MissingAudio]
    speakers: list[SpeakerLabel] = Field(description="Empty until the session is final")
    failure: SessionFailure | None = Field(default=None, description="null unless it failed")
    uncounted: list[Uncounted] = Field(
        default=[], description="Parts that could not be counted, and why; told to the owner alone"
    )
    possible_hints: list[PossibleHint] = Field(
        default=[],
        description="How many people may have talked, the likeliest first, when that is unclear:"
        " ask, and send the answer as a hint. Empty when it is clear or somebody has said it",
    )
    others_claimed: bool = Field(
        default=False,
        description="Whether somebody else has claimed a voice: another number of people is"
        " rejected then (`voices_claimed`), so do not ask for one",
    )
    faint_speakers: list[SpeakerLabel] = Field(
        default=[],
        description="Speakers so much quieter than the loudest that words of theirs may be missing",
    )
    provisional: Provisional | None = Field(description="null once the session is final")


class ListedSession(Answer):
    """A session in a list; an empty `group_id` is none."""

    session_id: SessionId
    group_id: str
    state: State
    recorded_at: Instant
    time_zone: str
    audio_ms: int
    generation: int
    owned: bool = Field(description="Whether the caller recorded it")


class SessionList(Answer):
    """A page of sessions, newest first."""

    model_config = example(
        {
            "sessions": [
                {
                    "session_id": SESSION,
                    "group_id": "",
                    "state": "completed",
                    "recorded_at": WHEN,
                    "time_zone": "Asia/Singapore",
                    "audio_ms": 65_432,
                    "generation": 1,
                    "owned": True,
                }
            ],
            "next": f"1795521600000-{SESSION}",
        }
    )
    sessions: list[ListedSession]
    next: str | None = Field(description="`cursor` of the following page; null on the last")


class Rates(Answer):
    """Words, Singlish words, and their rate."""

    words_spoken: int
    singlish_words: int
    rate_per_1000: float | None = Field(description=RATE)
    top_word: str | None
    words: Counts = Field(description="Counts by word, most first")


class SpeakerRates(Rates):
    """The same, of one speaker."""

    speaker: SpeakerLabel


class Results(Answer):
    """The counts of a session, with the lexicon and the models that they come from."""

    model_config = example(
        {
            "state": "completed",
            "generation": 1,
            "lexicon": "1.2.0",
            "models": {"transcribe": ["whisper-small"]},
            "speakers": [],
            "total": {
                "words_spoken": 620,
                "singlish_words": 13,
                "rate_per_1000": 21.0,
                "top_word": "lah",
                "words": {"lah": 9, "ah": 4},
            },
            "missing_audio": [],
            "all_claimed": False,
        }
    )
    state: State
    generation: int = Field(description="Last complete generation; 0 when there is none")
    lexicon: str = Field(description="Version of the lexicon that counted")
    models: dict[str, list[str]] = Field(description="Names of models by stage")
    speakers: list[SpeakerRates]
    total: Rates
    missing_audio: list[MissingAudio]
    all_claimed: bool


class RequestAnswer(Answer):
    """The decision about a request."""

    model_config = example(
        {
            "request_id": "3f2b8c1e-7a54-4d0b-9c36-5e8f1a2b3c4d",
            "session_id": SESSION,
            "outcome": "rejected",
            "reason": "no_such_speaker",
            "decided_at": WHEN,
        }
    )
    request_id: str
    session_id: str = Field(description="Empty when the request is not about a session")
    outcome: str
    reason: str = Field(description="Empty unless it was rejected")
    decided_at: Instant
