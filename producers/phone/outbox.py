"""The phone's outbox: chunks wait on disk until a receipt for them came back."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Waiting:
    """One chunk that is not acknowledged yet."""

    seq: int
    start_ms: int
    duration_ms: int
    content_type: str


class Outbox:
    """A folder: one file of bytes and one of facts a chunk. Survives the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, waiting: Waiting, content: bytes) -> None:
        """Keep a chunk; its facts are written last, so that half a chunk is never sent."""
        self._bytes(waiting.seq).write_bytes(content)
        self._facts(waiting.seq).write_text(json.dumps(asdict(waiting)))

    def __iter__(self) -> Iterator[Waiting]:
        """Chunks in order of their numbers."""
        for path in sorted(self._folder.glob("*.json")):
            yield Waiting(**json.loads(path.read_text()))

    def content(self, waiting: Waiting) -> bytes:
        """The bytes of a chunk."""
        return self._bytes(waiting.seq).read_bytes()

    def acknowledged(self, waiting: Waiting) -> None:
        """The receipt is here: the copy may go."""
        self._facts(waiting.seq).unlink(missing_ok=True)
        self._bytes(waiting.seq).unlink(missing_ok=True)

    def _bytes(self, seq: int) -> Path:
        return self._folder / f"{seq:06d}.bin"

    def _facts(self, seq: int) -> Path:
        return self._folder / f"{seq:06d}.json"
