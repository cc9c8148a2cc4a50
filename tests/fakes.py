"""What steps of the consumers work on in unit tests and in the guide: no server, no model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from consumers.audio.decoder import Samples
from consumers.transcribe.transcriber import Stretch, Transcriber
from schemas.objects import TranscribedWord

SAID_AFTER_MS = 5_000
Rows = list[tuple[str, Sequence[str], Sequence[Sequence[Any]]]]
"""Inserts: table, columns, rows."""


@dataclass
class RecordedStatements:
    """A warehouse without rows. It records what is written to it."""

    written: Rows = field(default_factory=list)
    commands: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: Any = dict[str, Any]
    ) -> list[Any]:
        """One row of nothing for a question about a number or a list; no row for all others."""
        found: list[dict[str, Any]] = []
        if sql.rstrip().endswith("AS n"):
            found = [{"n": 0}]
        elif "AS totals" in sql:
            found = [{"users": [], "totals": []}]
        return msgspec.convert(found, list[row])

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Record the statement."""
        self.commands.append((sql, parameters or {}))

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """Record the rows."""
        self.written.append((table, columns, rows))
        return len(rows)


class Silence:
    """A decoder for whom every chunk is 30 s of silence."""

    def decode(self, body: bytes) -> Samples:
        """Samples of silence."""
        return np.zeros(30 * 16_000, np.float32)


class OneWord(Transcriber):
    """A transcriber without a model. Every stretch has one word, behind the margin that its window does not own."""

    def __init__(self) -> None:
        """Load nothing."""

    def transcribe(self, batch: Sequence[Stretch]) -> list[list[TranscribedWord]]:
        """Return "lah" for each stretch."""
        starts = [stretch.offset_ms + SAID_AFTER_MS for stretch in batch]
        return [
            [TranscribedWord(text="lah", start_ms=start, end_ms=start + 300, probability=1.0)]
            for start in starts
        ]


class CaughtUp:
    """A sink that has consumed everything."""

    def ends(self) -> dict[tuple[str, int], int]:
        """No offsets to wait for."""
        return {}

    def has_passed(self, ends: dict[tuple[str, int], int]) -> bool:
        """Always."""
        return True
