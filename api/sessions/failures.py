"""The words in which people are told why a session, or a part of it, was not counted."""

from typing import NamedTuple

from schemas.rejections import Reason
from schemas.session_events import Failure


class FailureText(NamedTuple):
    """The event, and the way out of it."""

    happened: str
    advice: str


AGAIN = (
    "Say how many people talked, or send a part of the recording that is still on the phone: "
    "the talk is then put together again. If it fails once more, tell your operator its id. "
    "You can erase it at any time."
)
FAILURES = {
    Failure.SPEAKERS_NOT_IDENTIFIED: FailureText(
        "The voices of this talk could not be told apart, because a part of the work on it was "
        "lost. Its audio is still here.",
        AGAIN,
    ),
    Failure.WORDS_NOT_COUNTED: FailureText(
        "The words of this talk could not be counted, because a part of the work on it was lost. "
        "Its audio is still here.",
        AGAIN,
    ),
}
"""By what the session lacks."""
UNREADABLE = "Something that belongs to this talk could not be read. It is not your fault."
OUR_FAULT = (
    "Something that belongs to this talk could not be worked on. It is our fault; it is kept, and "
    "your operator can try it again."
)
UNCOUNTED = {
    Reason.NOT_JSON: UNREADABLE,
    Reason.UNKNOWN_EVENT: UNREADABLE,
    Reason.UNKNOWN_VERSION: UNREADABLE,
    Reason.MALFORMED_EVENT: UNREADABLE,
    Reason.WRONG_TOPIC: UNREADABLE,
    Reason.UNKNOWN_SESSION: "Something came for this talk before it began, or after it was gone.",
    Reason.OBJECT_MISSING: "A part of what was stored of this talk is lost.",
    Reason.OBJECT_DAMAGED: "A part of what was stored of this talk is damaged.",
    Reason.UNDECODABLE_AUDIO: "A part of the recording is no audio that can be played.",
    Reason.AUDIO_TOO_LONG: "A part of the recording is longer than a part may be.",
    Reason.ATTEMPTS_EXHAUSTED: OUR_FAULT,
    Reason.TEXT_EXPIRED: "Something came after the words of this talk were removed.",
    Reason.FOLD_FAILED: OUR_FAULT,
    Reason.NO_ANSWER: OUR_FAULT,
    Reason.STEP_FAILED: OUR_FAULT,
    Reason.ROW_REFUSED: "A result cannot be stored: the phone's clock or a number is impossible.",
    Reason.ERASURE_WAITED: OUR_FAULT,
}
"""By the reason of a dead letter."""
