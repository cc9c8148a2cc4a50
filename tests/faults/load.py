"""Phones that record one session after another, and remember what they were told."""

import os
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

import httpx
import soundfile as sf

from adapters.http.signing import sign_user
from adapters.settings import Settings
from deploy.demo.phone_session import record, steadily
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from producers.phone.client import Phone, UploadRejected
from schemas.ids import SessionId

CLIP_S = 19
"""Less than a window: a session of a whole one has a second window, with the words at its end."""
CHUNK_S = 4.0
PHONES = int(os.environ.get("PHONES", "4"))
"""`make faults PHONES=2` on a machine that others use too. The page says how many there were."""
TOKEN_S = 24 * 3600
SILENT_S = 1.0
STOP_S = 240.0
"""A phone backs off for longer and longer: its last session may end so long after a fault."""


def clip_of(recording: Path, folder: Path) -> Path:
    """Write the first CLIP_S seconds of a recording: a session of one window."""
    samples, rate = sf.read(recording, frames=CLIP_S * sf.info(recording).samplerate)
    clip = folder / "clip.flac"
    sf.write(clip, samples, rate)
    return clip


@dataclass(frozen=True)
class Answer:
    """One answer to a phone: its status, 0 when none came, and the seconds that it took."""

    at_s: float
    status: int
    took_s: float


@dataclass
class Recorded:
    """A session that a phone recorded. `is_complete`: every chunk and its end were acknowledged."""

    owner: str
    session_id: SessionId
    is_complete: bool = False


class _Listening(httpx.HTTPTransport):
    """Notes each answer."""

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__()
        self._answers = answers

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        began_s = time.monotonic()
        status = 0
        try:
            answer = super().handle_request(request)
            status = answer.status_code
            return answer
        finally:
            now_s = time.monotonic()
            self._answers.append(Answer(now_s, status, now_s - began_s))


@dataclass
class Load:
    """`phones` phones, each at the pace of real time. Nothing is lost on their side.

    While `is_held_back`, all phones but the first one are silent between two sessions.
    """

    settings: Settings
    clip: Path
    phones: int = PHONES
    sessions: list[Recorded] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    is_held_back: bool = False
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin, each phone a little later than the one before. Does not block."""
        for number in range(self.phones):
            thread = threading.Thread(target=self._record, args=(number,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let each phone finish the session in hand. Blocks for as long as they back off."""
        self._over.set()
        until_s = time.monotonic() + STOP_S
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))

    def _record(self, number: int) -> None:
        self._over.wait(number * CLIP_S / self.phones)
        while not self._over.is_set():
            if number and self.is_held_back:
                self._over.wait(SILENT_S)
            else:
                self._record_one(f"phone-{number}-{time.time_ns()}")

    def _record_one(self, owner: str) -> None:
        session = Recorded(owner, new_session_id())
        self.sessions.append(session)
        token = sign_user(self.settings, owner, TOKEN_S)
        phone = Phone(self.settings.url("gateway"), token, transport=_Listening(self.answers))
        try:
            record(
                phone,
                session.session_id,
                self.clip,
                steadily(1.0),
                lambda _: None,
                chunk_s=CHUNK_S,
            )
            session.is_complete = True
        except UploadRejected as error:
            print(f"{owner}, {session.session_id}: {error}")
        finally:
            phone.close()

    def await_acknowledged(self, moment_s: float, timeout_s: float) -> None:
        """Block until a phone was answered well after `moment_s`. Raises TimeoutError."""
        complaint = f"no phone was answered well for {timeout_s:.0f} s"
        until(lambda: self.acknowledged_after(moment_s), isfinite, timeout_s, complaint=complaint)

    def acknowledged_after(self, moment_s: float) -> float:
        """Seconds from `moment_s` (monotonic) to the next success; infinite when none came."""
        later = [one.at_s - moment_s for one in self.answers if _is_late(one, moment_s)]
        return min(later, default=float("inf"))

    def faults(self) -> list[str]:
        """List answers other than success or 503, waits over 30 s, and sessions without an end."""
        odd = Counter(one.status for one in self.answers if not _is_allowed(one.status))
        slow = [one for one in self.answers if one.took_s > 30]
        unfinished = [one.session_id for one in self.sessions if not one.is_complete]
        return [
            *(f"{count} answers {status}" for status, count in odd.items()),
            *(f"an answer after {one.took_s:.1f} s" for one in slow),
            *(f"the phone of {session} never came to its end" for session in unfinished),
        ]

    def in_words(self) -> str:
        """Say how many phones sent how much, and how they were answered."""
        refused = sum(one.status == 503 for one in self.answers)
        slowest_s = max((one.took_s for one in self.answers), default=0.0)
        return (
            f"{self.phones} phones, {len(self.sessions)} sessions, {_taken(self.answers)} requests "
            f"taken, {refused} refused with 503, slowest {slowest_s:.1f} s"
        )


def _taken(answers: Sequence[Answer]) -> int:
    return sum(200 <= one.status < 300 for one in answers)


def _is_late(answer: Answer, moment_s: float) -> bool:
    return answer.at_s > moment_s and 200 <= answer.status < 300


def _is_allowed(status: int) -> bool:
    return status in (0, 503) or 200 <= status < 300
