"""Request bodies: read to the declared end, then decompressed to the last frame.

Half a body is never an insert.
"""

import gzip
import zlib
from collections.abc import Callable
from email.message import Message
from typing import BinaryIO

import lz4.frame
import zstandard

from deploy.devstack.chdb_server.engine import EngineError

CANNOT_DECOMPRESS = "Code: 271. DB::Exception: {}. (CANNOT_DECOMPRESS)"


def read(headers: Message, stream: BinaryIO) -> bytes:
    """Return the decoded body. Raises ConnectionError when the client died in the middle of it."""
    encoding = (headers.get("Content-Encoding") or "").lower()
    if (headers.get("Transfer-Encoding") or "").lower() == "chunked":
        return decode(_chunked(stream), encoding)
    size = int(headers.get("Content-Length") or 0)
    return decode(_sized(stream, size), encoding)


def _sized(stream: BinaryIO, length: int) -> bytes:
    raw = stream.read(length)
    if len(raw) < length:
        raise ConnectionError(f"the body ended after {len(raw)} of {length} bytes")
    return raw


def _chunked(stream: BinaryIO) -> bytes:
    parts = []
    while True:
        head = stream.readline().split(b";")[0].strip()
        if not head:
            raise ConnectionError("the body ended inside its chunks")
        size = int(head, 16)
        parts.append(_sized(stream, size))
        stream.readline()
        if not size:
            return b"".join(parts)


def decode(raw: bytes, encoding: str) -> bytes:
    """Return `raw` without its Content-Encoding. Raises EngineError when that is unknown or cut."""
    decoder = _DECODERS.get(encoding)
    if decoder is None:
        raise EngineError(
            f"Code: 638. DB::Exception: Unknown Content-Encoding {encoding}. "
            "(UNKNOWN_COMPRESSION_METHOD)"
        )
    try:
        return decoder(raw)
    except (OSError, zlib.error, zstandard.ZstdError, RuntimeError, EOFError) as error:
        raise EngineError(CANNOT_DECOMPRESS.format(error)) from error


def _lz4(raw: bytes) -> bytes:
    # clickhouse-connect sends one frame a block. Reading the first one alone would acknowledge
    # rows that are lost.
    parts = []
    while raw:
        frame = lz4.frame.LZ4FrameDecompressor()
        parts.append(frame.decompress(raw))
        if not frame.eof:
            raise EOFError("an LZ4 frame is cut")
        raw = frame.unused_data or b""
    return b"".join(parts)


def _zstd(raw: bytes) -> bytes:
    parts = []
    while raw:
        frame = zstandard.ZstdDecompressor().decompressobj()
        parts.append(frame.decompress(raw))
        if not frame.eof:
            raise EOFError("a zstd frame is cut")
        raw = frame.unused_data
    return b"".join(parts)


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda raw: raw,
    "identity": lambda raw: raw,
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "lz4": _lz4,
    "zstd": _zstd,
}
