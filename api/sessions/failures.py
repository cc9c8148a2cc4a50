"""The words in which people are told why a session failed, and what they can do."""

from typing import NamedTuple

from schemas.session_events import Failure


class Told(NamedTuple):
    """The event, and the way out of it."""

    happened: str
    advice: str


AGAIN = (
    "Say how many people talked, or send a part of the recording that is still on the phone: "
    "the talk is then put together again. If it fails once more, tell your operator its id. "
    "You can erase it at any time."
)
FAILURES = {
    Failure.SPEAKERS_NOT_IDENTIFIED: Told(
        "The voices of this talk could not be told apart, because a part of the work on it was "
        "lost. Its audio is still here.",
        AGAIN,
    ),
    Failure.WORDS_NOT_COUNTED: Told(
        "The words of this talk could not be counted, because a part of the work on it was lost. "
        "Its audio is still here.",
        AGAIN,
    ),
}
"""By what the session lacks."""
