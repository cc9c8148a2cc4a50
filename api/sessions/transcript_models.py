"""Answers with the words of a session."""

from pydantic import Field

from api.answers import Answer, example
from schemas.ids import SpeakerLabel


class TranscriptWord(Answer):
    """One word; `or` names others who spoke at that moment."""

    speaker: SpeakerLabel | None
    word: str
    start_s: float
    end_s: float
    probability: float
    rivals: list[SpeakerLabel] = Field(serialization_alias="or")


class TranscriptTurn(Answer):
    """One speaker speaks. Turns may overlap."""

    speaker: SpeakerLabel
    start_s: float
    end_s: float


class Transcript(Answer):
    """The words of a session with speakers and times, and its turns."""

    model_config = example(
        {
            "words": [
                {
                    "speaker": "S1",
                    "word": "lah",
                    "start_s": 0.4,
                    "end_s": 0.7,
                    "probability": 0.93,
                    "or": [],
                }
            ],
            "turns": [{"speaker": "S1", "start_s": 0.0, "end_s": 4.0}],
        }
    )
    words: list[TranscriptWord]
    turns: list[TranscriptTurn]
