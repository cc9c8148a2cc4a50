"""A ZIP that is sent while it is made: nobody holds all of it."""

import zipfile
from collections.abc import Iterable, Iterator
from io import RawIOBase
from tempfile import SpooledTemporaryFile
from typing import IO, Any

IN_MEMORY = 8 << 20
"""Bytes that wait in memory; more go to disk, where nobody else can open them."""
PIECE = 1 << 16


class _Zip(zipfile.ZipFile):
    """One that is forgotten writes no end: nobody takes it, and what it writes to may be gone."""

    def __del__(self) -> None:
        """Nothing."""


class Archive:
    """Files go in, pieces come out. Blocking. One that is forgotten leaves nothing."""

    def __init__(self) -> None:
        self._waiting = _Waiting()
        self._zip = _Zip(self._waiting, "w", zipfile.ZIP_DEFLATED)

    def text(self, name: str, text: str) -> None:
        """Add a text, compressed."""
        self._zip.writestr(name, text)

    def text_in_parts(self, name: str, parts: Iterable[str]) -> Iterator[bytes]:
        """Add a text that nobody holds as a whole, compressed. Yield its pieces meanwhile."""
        with self._zip.open(name, "w", force_zip64=True) as file:
            for part in parts:
                file.write(part.encode())
                yield from self.pieces()

    def sound(self, name: str, body: bytes) -> None:
        """Add audio as it is: it is compressed already."""
        self._zip.writestr(name, body, zipfile.ZIP_STORED)

    def pieces(self) -> Iterator[bytes]:
        """Yield what was added since the last call."""
        yield from self._waiting.pieces()

    def end(self) -> Iterator[bytes]:
        """Yield the rest, with the list of the files."""
        self._zip.close()
        yield from self._waiting.pieces()

    def close(self) -> None:
        """Forget the pieces that nobody took. Repeatable."""
        self._zip.close()
        self._waiting.close()


class _Waiting(RawIOBase):
    """Bytes that nobody took yet. It cannot go back, so a file's size follows its bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with us

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, body: Any) -> int:
        """Take bytes. A text that is forgotten halfway writes its end when all is closed."""
        return len(body) if self.closed else self._file.write(body)

    def pieces(self) -> Iterator[bytes]:
        """Yield all of it, and forget it."""
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece
        self._file.seek(0)
        self._file.truncate()

    def close(self) -> None:
        """Remove what waits."""
        self._file.close()
        super().close()
