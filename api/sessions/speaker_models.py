"""Answers about the speakers of a session."""

from pydantic import Field

from api.answers import Answer, Instant, example
from api.sessions.speaker_rows import ClaimedAs
from schemas.claim_events import VerdictName
from schemas.ids import SpeakerLabel, UserId
from schemas.session_events import State


class WordCount(Answer):
    """A word, how often it was counted, and its emoji."""

    word: str
    count: int
    emoji: str


class MaybeCount(Answer):
    """A word that the speaker may have said. It is in no total until its owner says so."""

    word: str
    emoji: str
    said_at: Instant
    probability: float = Field(description="That it was said")


class SingleCount(Answer):
    """One count at its place in the recording.

    The owner of its voice may say that it was said, or that it was not.
    """

    speaker: SpeakerLabel
    word: str
    emoji: str
    said_at: Instant
    at_s: float = Field(description="Seconds from the start of the recording")
    probability: float = Field(description="That it was said")
    maybe: bool = Field(description="The evidence leaves it open")
    verdict: VerdictName = Field(description="The word of its owner about it")
    counted: bool = Field(description="Whether it is in the totals")


class SingleCounts(Answer):
    """Every count of a session in order of speakers and time, and the words that are open."""

    model_config = example(
        {
            "state": "ready_for_claiming",
            "counts": [
                {
                    "speaker": "S1",
                    "word": "lah",
                    "emoji": "💬",
                    "said_at": "2026-11-24T12:00:07.250+00:00",
                    "at_s": 7.25,
                    "probability": 0.93,
                    "maybe": False,
                    "verdict": "none",
                    "counted": True,
                }
            ],
        }
    )
    state: State
    counts: list[SingleCount]


class Clip(Answer):
    """A few seconds of a speaker. `quote` is empty when the text was removed."""

    start_s: float
    end_s: float
    quote: str
    url: str = Field(
        description="Path at the front door where the clip can be played, for five minutes"
    )


class ClaimAnswer(Answer):
    """The claim of a speaker. Empty strings stand for what does not apply."""

    kind: ClaimedAs
    user_id: str
    display_name: str = Field(
        description="Empty for a tag of somebody who is not in the group and is not to be found"
    )
    guest_name: str
    claimed_by: UserId
    claimed_at: Instant


class SpeakerAnswer(Answer):
    """One speaker: talk, counts, clips and claim."""

    talk_s: float
    turns: int
    overlap_share: float = Field(description="Share of the talk during which others spoke too")
    words: list[WordCount] = Field(description="Most counted first")
    maybe: list[MaybeCount] = Field(description="In order of time; in no total")
    speaker: SpeakerLabel
    clips: list[Clip]
    claim: ClaimAnswer | None


class SpeakerList(Answer):
    """The speakers of a session; empty until it is final."""

    model_config = example(
        {
            "state": "completed",
            "speakers": [
                {
                    "talk_s": 30.1,
                    "turns": 7,
                    "overlap_share": 0.04,
                    "words": [{"word": "lah", "count": 9, "emoji": "💬"}],
                    "maybe": [
                        {
                            "word": "sian",
                            "emoji": "😮‍💨",
                            "said_at": "2026-11-24T12:00:07.250+00:00",
                            "probability": 0.61,
                        }
                    ],
                    "speaker": "S1",
                    "clips": [
                        {"start_s": 0.0, "end_s": 4.0, "quote": "Can lah", "url": "/store/…"}
                    ],
                    "claim": {
                        "kind": "self",
                        "user_id": "mei",
                        "display_name": "Mei",
                        "guest_name": "",
                        "claimed_by": "mei",
                        "claimed_at": "2026-11-24T12:00:00+00:00",
                    },
                }
            ],
        }
    )
    state: State
    speakers: list[SpeakerAnswer]


class WaitingTag(Answer):
    """Somebody says that this speaker is the caller. Nothing counts until the caller agrees.

    `clip`: one of the speaker, with its quote; null when none is stored.
    """

    speaker: SpeakerLabel
    claimed_by: UserId
    display_name: str = Field(description="Of `claimed_by`; empty when they never chose one")
    claimed_at: Instant
    clip: Clip | None


class WaitingTags(Answer):
    """The tags of a session that wait for the caller: all that a tagged user may see of it."""

    model_config = example(
        {
            "tags": [
                {
                    "speaker": "S1",
                    "claimed_by": "beng",
                    "display_name": "Ah Beng",
                    "claimed_at": "2026-11-24T12:00:00+00:00",
                    "clip": {"start_s": 0.0, "end_s": 4.0, "quote": "Can lah", "url": "/store/…"},
                }
            ]
        }
    )
    tags: list[WaitingTag]
