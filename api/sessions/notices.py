"""Events about a stream itself: it waits, goes on or ends, and when its client may come back."""

import random
from dataclasses import dataclass
from typing import Literal

from fastapi.sse import format_sse_event
from pydantic import Field

from api.answers import Answer


class NoticeAnswer(Answer):
    """The data of the events `unavailable`, `available` and `closed`."""

    reason: str
    detail: str
    retry_ms: int = Field(description="When to open the stream again; 0 while it stays open")


@dataclass(frozen=True)
class Notice:
    """An event that is about the stream. `retry_ms` 0: the stream stays open."""

    event: Literal["unavailable", "available", "closed"]
    reason: str
    detail: str
    retry_ms: int = 0

    @property
    def ends(self) -> bool:
        """Whether the stream ends with it."""
        return self.retry_ms > 0

    def encoded(self) -> bytes:
        """The event. Browsers take `retry` over as their own pause before they come back.

        It is up to twice `retry_ms`, by chance: those who were sent away together shall not all
        come back together.
        """
        retry_ms = self.retry_ms + random.randrange(self.retry_ms + 1)  # noqa: S311 - a pause
        data = NoticeAnswer(reason=self.reason, detail=self.detail, retry_ms=retry_ms)
        return format_sse_event(
            data_str=data.model_dump_json(), event=self.event, retry=retry_ms or None
        )


NOT_NOW = Notice(
    "unavailable",
    "part-away",
    "The warehouse does not answer just now; nothing was lost. Open the stream again.",
    5_000,
)
"""Answered with 200: a browser that meets a 503 never opens the stream again."""
FULL = Notice(
    "unavailable", "busy", "Too many streams are open here. Open the stream again.", 10_000
)
WAITS = Notice(
    "unavailable", "part-away", "The warehouse does not answer just now: this stream goes on later."
)
GOES_ON = Notice("available", "part-back", "The warehouse answers again.")
AT_ONCE = Notice("closed", "stopping", "This server stops. Open the stream again.", 1_000)
AGAIN = Notice("closed", "sign-in-again", "Open the stream again, with a token of now.", 1_000)
TOO_MANY = Notice(
    "closed",
    "too-many-streams",
    "You have opened too many streams: the oldest is closed. Close those that you do not read.",
    60_000,
)
NOT_VISIBLE = Notice(
    "closed", "no-such-session", "There is no such session any more, or it is not yours.", 60_000
)
FAILED = Notice("closed", "internal-error", "A defect of ours. Open the stream again.", 10_000)
