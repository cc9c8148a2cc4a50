"""Fakes for the steps of consumers, in unit tests and in the guide: no server, no model."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np

from adapters.audio.answers import Decoded
from adapters.erasure.record import ErasureRecord
from consumers.audio.decoder import Samples
from consumers.transcribe.transcriber import Stretch, Transcriber
from consumers.voices.clustering import NOBODY, Clustered, ClusterTurn
from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array
from consumers.voices.grid import Grid
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from schemas.objects import TranscribedWord
from schemas.rejections import Reason, Rejected

SAID_AFTER_MS = 5_000
_RECORDS = TemporaryDirectory(prefix="lahstats-erasures-")
Rows = list[tuple[str, Sequence[str], Sequence[Sequence[Any]]]]
"""Inserts: table, columns, rows."""


def erasure_record() -> ErasureRecord:
    """A record in a folder that goes with this process."""
    return ErasureRecord(Path(_RECORDS.name))


@dataclass
class RecordedStatements:
    """A warehouse without rows. It records what is written to it.

    `answers`: rows by a fragment of the question. Other questions get one row of nothing when they
    ask for a number or a list, else no row.
    """

    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    written: Rows = field(default_factory=list)
    commands: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: Any = dict[str, Any]
    ) -> list[Any]:
        """The rows, as `row`."""
        return msgspec.convert(self._answer(sql), list[row])

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        known = [rows for fragment, rows in self.answers.items() if fragment in sql]
        if known:
            return known[0]
        return [{"n": 0}] if "AS n" in sql else []

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Record the statement."""
        self.commands.append((sql, parameters or {}))

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Record the rows."""
        self.written.append((table, columns, rows))


class Silence:
    """A decoder for which every chunk is 30 s of silence, unless its bytes begin with "damaged"."""

    def decode(self, body: bytes) -> Decoded:
        """A silence that was recorded. Raises Rejected for damaged bytes."""
        if body.startswith(b"damaged"):
            raise Rejected(Reason.UNDECODABLE_AUDIO, "damaged")
        return Decoded(0, (), np.zeros(30 * SAMPLE_RATE, np.float32).tobytes())


class OneWord(Transcriber):
    """A transcriber without a model.

    Every stretch has one word that counts, behind the margin that its window does not own, and a
    plain one before it: a word that stands alone is a maybe.
    """

    def __init__(self) -> None:
        """Load nothing."""

    def transcribe(self, batch: Sequence[Stretch]) -> list[list[TranscribedWord]]:
        """Return "okay lah" for each stretch."""
        return [_okay_lah(stretch.offset_ms + SAID_AFTER_MS) for stretch in batch]


def _okay_lah(start_ms: int) -> list[TranscribedWord]:
    lah_ms = start_ms + 300
    return [
        TranscribedWord(text="okay", start_ms=start_ms, end_ms=lah_ms, probability=1.0),
        TranscribedWord(text="lah", start_ms=lah_ms, end_ms=lah_ms + 300, probability=1.0),
    ]


GRID = Grid(chunk_ms=10_000, step_ms=2_000)
FRAMES = 589
"""Frames of a chunk, as segmentation-3.0 has them."""


class OneVoice:
    """A diarizer without models. In every chunk local speaker 0 talks all the time, and no other.

    The voice of local speaker 1 is another one.
    """

    grid = GRID

    def segment(self, samples: Samples) -> Array:
        """Shape (chunks, 50, 2)."""
        chunks = self.grid.count(len(samples) // SAMPLES_PER_MS)
        activity = np.zeros((chunks, 50, 2), np.float32)
        activity[:, :, 0] = 1
        return activity

    def embed(self, samples: Samples, activity: Array) -> Array:
        """Shape (chunks, 2, 2): the same for every chunk."""
        return np.tile(np.eye(2, dtype=np.float32), (len(activity), 1, 1))

    def embed_pieces(self, pieces: Sequence[Samples]) -> Array:
        """The voice of local speaker 0, for each piece."""
        return np.tile(np.array([1.0, 0.0], np.float32), (len(pieces), 1))


class OneClusterEach:
    """A clustering in which a local speaker is the cluster of its own number."""

    grid = GRID

    def cluster(
        self,
        voices: Voices,
        speakers: int | None = None,
        splits: Sequence[Sequence[float]] = (),
    ) -> Clustered:
        """One turn for each chunk and local speaker who is active in it."""
        active = np.argwhere(voices.segmentations.any(axis=1)).tolist()
        starts = [(chunk * self.grid.step_ms, cluster) for chunk, cluster in active]
        turns = tuple(
            ClusterTurn(start, start + self.grid.step_ms, cluster) for start, cluster in starts
        )
        return Clustered(turns, turns, np.eye(2)) if turns else NOBODY

    def possible_speakers(self, voices: Voices) -> dict[int, float]:
        """One or two, equally likely, when anybody speaks."""
        return {1: 0.5, 2: 0.5} if voices.segmentations.any() else {}


class CaughtUp:
    """A sink that has consumed everything."""

    def ends(self) -> dict[tuple[str, int], int]:
        """No offsets to wait for."""
        return {}

    def has_passed(self, ends: dict[tuple[str, int], int]) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """It has no connection."""


class ReadInOrder:
    """The progress of every group over one log, whose events all groups read one by one."""

    def __init__(self, read: Sized, coming: Sized) -> None:
        self._read = read
        self._coming = coming

    def ends(self) -> dict[tuple[str, int], int]:
        """As if there were one topic."""
        return {("all", 0): len(self._read) + len(self._coming)}

    def has_passed(self, ends: dict[tuple[str, int], int]) -> bool:
        """Whether all have read what was published then. An event that is being read is not."""
        return len(self._read) >= max(ends.values())

    def close(self) -> None:
        """It has no connection."""
