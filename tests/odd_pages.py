"""Ogg files taken apart, and made as odd writers make them."""

from collections.abc import Callable

from adapters.audio.ogg_pages import CHECKSUM, FLAGS_AT, HEAD, PLACE_AT
from tests.odd_audio import with_first_page

STREAM_AT = PLACE_AT + 8


def pages(body: bytes) -> list[bytes]:
    """All of a whole file."""
    found: list[bytes] = []
    while body:
        content = HEAD + body[HEAD - 1]
        end = content + sum(body[HEAD:content])
        found.append(body[:end])
        body = body[end:]
    return found


def flagged(page: bytes, flag: int) -> bytes:
    """A page with one more flag, and the checksum of it."""
    return with_first_page(page, FLAGS_AT, bytes([page[FLAGS_AT] | flag]))


def of_stream(page: bytes, stream: int) -> bytes:
    """A page of another stream, and the checksum of it."""
    return with_first_page(page, STREAM_AT, stream.to_bytes(4, "little"))


def summed(page: bytes, checksum: Callable[[bytes], bytes]) -> bytes:
    """A page with another checksum, which follows from the right one."""
    return page[: CHECKSUM.start] + checksum(page[CHECKSUM]) + page[CHECKSUM.stop :]
