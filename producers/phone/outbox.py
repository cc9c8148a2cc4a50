"""The phone's outbox: chunks wait on disk until their receipts are here."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Waiting:
    """The facts of one chunk that is not acknowledged yet."""

    seq: int
    start_ms: int
    duration_ms: int
    content_type: str


class Outbox:
    """A folder with two files for each chunk: its bytes and its facts. It survives the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, waiting: Waiting, content: bytes) -> None:
        """Keep a chunk. Its facts are written last, so that half a chunk is never sent."""
        seq = waiting.seq
        facts = json.dumps(asdict(waiting))
        self._bytes(seq).write_bytes(content)
        self._facts(seq).write_text(facts)

    def __iter__(self) -> Iterator[Waiting]:
        """Chunks in order of their numbers."""
        for path in sorted(self._folder.glob("*.json")):
            facts = json.loads(path.read_text())
            yield Waiting(**facts)

    def content(self, waiting: Waiting) -> bytes:
        """The bytes of a chunk."""
        return self._bytes(waiting.seq).read_bytes()

    def acknowledged(self, waiting: Waiting) -> None:
        """Remove a chunk: its receipt is here. Repeatable."""
        self._facts(waiting.seq).unlink(missing_ok=True)
        self._bytes(waiting.seq).unlink(missing_ok=True)

    def _bytes(self, seq: int) -> Path:
        return self._folder / f"{seq:06d}.bin"

    def _facts(self, seq: int) -> Path:
        return self._folder / f"{seq:06d}.json"
