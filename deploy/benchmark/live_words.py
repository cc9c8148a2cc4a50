"""How long after they were said words are shown while people talk, as an app on a phone sees it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.demo.api_answers import Session, TranscriptWord
from deploy.demo.api_client import POLL_S
from deploy.meanwhile import meanwhile

SHARE = 0.5
"""A window is shown when this share of its words is: provisional and final words may differ."""


@dataclass(frozen=True)
class Seen:
    """So many provisional words were shown at that moment (time.monotonic)."""

    at: float
    words: int


@contextmanager
def watched(ask: Callable[[], Session | None]) -> Iterator[list[Seen]]:
    """Ask for the session every half second until the context ends. Yield what is seen so far."""
    seen: list[Seen] = []

    def look() -> None:
        session = ask()
        if session is not None and session.provisional is not None:
            words = sum(speaker.words_spoken for speaker in session.provisional.speakers)
            seen.append(Seen(time.monotonic(), words))

    with meanwhile(look, POLL_S):
        yield seen


def said_to_shown(
    seen: Sequence[Seen],
    words: Sequence[TranscriptWord],
    began: tuple[float, float],
    window_s: float,
    chunk_s: float,
) -> list[float]:
    """Return the seconds from the start of each window to the moment that it was shown. Pure.

    `began`: a moment (time.monotonic) and the second of the session that was recorded then. Windows
    before it, and those that were not shown before the end of `seen`, are left out.
    """
    moment, second = began
    starts_s = [word.start_s for word in words if word.speaker is not None]
    wanted = max((one.words for one in seen if one.at < moment + chunk_s), default=0)
    found: list[float] = []
    window = int(second // window_s)
    last_s = max(starts_s, default=0.0)
    while window * window_s < last_s:
        start_s = window * window_s
        end_s = (window + 1) * window_s
        own = _within(starts_s, start_s, end_s)
        shown = _first(seen, wanted + SHARE * own) if own else None
        if shown is not None:
            started = moment + start_s - second
            found.append(round(shown - started, 2))
        wanted += own
        window += 1
    return found


def _within(starts_s: Sequence[float], start_s: float, end_s: float) -> int:
    return sum(start_s <= start < end_s for start in starts_s)


def _first(seen: Sequence[Seen], words: float) -> float | None:
    """The moment at which so many words were seen first; None when it never came."""
    for one in seen:
        if one.words >= words:
            return one.at
    return None
