"""A phone whose chunks come late, silent for long or as crumbs, and the timer beside it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from schemas.event import Event
from schemas.phone_events import ChunkUploaded, SessionEnded
from schemas.session_events import Cause, SessionSealed, Tick
from schemas.speech_events import ChunkRef, WindowReady
from streams.sessions.due import due_at
from streams.sessions.state import Rules, Session
from tests.session_history import OWNER, RULES, SESSION, STARTED, run

TICK_MS = 1_000
CRUMB_MS = 100
SPAN_MS = 300_000
"""Of a session whose phone sends crumbs: fifteen windows."""


def sent(
    seq: int, at_ms: int, start_ms: int, duration_ms: int, *, sha256: str = ""
) -> ChunkUploaded:
    """A chunk that arrives at `at_ms`."""
    return ChunkUploaded(
        occurred_at_ms=at_ms,
        session_id=SESSION,
        owner=OWNER,
        seq=seq,
        sha256=sha256 or f"{seq}",
        size=1,
        content_type="x",
        start_ms=start_ms,
        duration_ms=duration_ms,
    )


def ended(at_ms: int, chunks: int) -> SessionEnded:
    """The phone says that it is over."""
    return SessionEnded(occurred_at_ms=at_ms, session_id=SESSION, owner=OWNER, chunks=chunks)


@dataclass
class Trace:
    """The fold with its timer: each event at its time, a Tick where one is due."""

    rules: Rules = RULES
    table: dict[str, bytes] = field(default_factory=dict)
    out: list[Event] = field(default_factory=list)
    read: list[Event] = field(default_factory=list)

    def tell(self, events: Iterable[Event]) -> "Trace":
        """Reads these events, in the order of their times, and what the timer says meanwhile."""
        for event in events:
            self.wait_until(event.occurred_at_ms)
            self._read(event)
        return self

    def wait_until(self, now_ms: int) -> "Trace":
        """Lets the time pass. Nobody tells the watchdog that anything is handled."""
        while (due_ms := self.due_ms) is not None and due_ms <= now_ms:
            at_ms = -(-due_ms // TICK_MS) * TICK_MS
            before = self.session
            if at_ms > now_ms:
                break
            self._read(Tick(occurred_at_ms=at_ms, session_id=SESSION, now_ms=at_ms))
            if self.session == before:
                break
        return self

    @property
    def session(self) -> Session:
        return msgspec.json.decode(self.table[SESSION], type=Session)

    @property
    def due_ms(self) -> int | None:
        return due_at(self.session, self.rules) if SESSION in self.table else None

    @property
    def seals(self) -> list[SessionSealed]:
        return [one for one in self.out if isinstance(one, SessionSealed)]

    @property
    def causes(self) -> list[Cause]:
        return [one.cause for one in self.seals]

    @property
    def windows(self) -> list[WindowReady]:
        return [one for one in self.out if isinstance(one, WindowReady)]

    @property
    def announced(self) -> Counter[int]:
        """How often each window was sent to the models."""
        return Counter(one.window for one in self.windows)

    @property
    def newest(self) -> dict[int, tuple[int, int, tuple[ChunkRef, ...]]]:
        """The span and the audio of each window, as it was announced last."""
        latest = {one.window: one for one in sorted(self.windows, key=lambda one: one.revision)}
        return {n: (one.start_ms, one.end_ms, one.chunks) for n, one in latest.items()}

    @property
    def timeline(self) -> tuple[int, int, object]:
        """Of the newest generation: number of windows, length and gaps."""
        last = self.seals[-1]
        return len(last.windows), last.total_ms, last.gaps

    def _read(self, event: Event) -> None:
        self.read.append(event)
        self.out += run([event], self.table)


def straight(chunks: Sequence[ChunkUploaded]) -> Trace:
    """The same chunks as those of a phone that is never late: its end comes last."""
    first = sorted(chunks, key=lambda one: one.start_ms)
    at_once = [msgspec.structs.replace(one, occurred_at_ms=1) for one in first]
    return Trace().tell([STARTED, *at_once, ended(2, len(chunks))])
