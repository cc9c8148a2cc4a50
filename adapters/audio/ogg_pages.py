"""A page of Ogg: its flags, its time, its stream, its number, a checksum, and its packets. Pure."""

import re
import struct
from itertools import accumulate
from typing import NamedTuple

from adapters.audio.checksums import TURNED, register

SIGN = re.compile(rb"OggS\0[\0-\7].{20}", re.DOTALL)
"""The head of a page, up to the number of its laces."""
HEAD = 27
FLAGS_AT = 5
CONTINUED = 1
FIRST = 2
"""Flags of a page that begins within a packet, and of the first one of a stream."""
PLACE = struct.Struct("<QII")
PLACE_AT = 6
"""The time at the end of a page, its stream, and its number in that."""
CHECKSUM = slice(22, 26)
NO_CHECKSUM = bytes(4)
UNKNOWN = 2**64 - 1
"""The time of a page in which no packet ends."""
GOES_ON = 255
"""Bytes of a lace behind which its packet goes on."""


class Page(NamedTuple):
    """`time`: 0 for a page of heads. Units are the codec's."""

    time: int
    stream: int
    number: int
    head: bytes
    content: bytes
    is_damaged: bool = False


class Ending(NamedTuple):
    """`at`: bytes of the page's content up to the end of a packet. `laces`: how many there are."""

    at: int
    laces: int


def page_at(body: bytes, start: int) -> tuple[Page, int]:
    """The page at a place, of which the end may be cut off, and where it ends by its own words."""
    first = start + HEAD
    content = first + sum(body[first - 1 : first])
    laces = body[first:content]
    end = content + sum(laces)
    time, stream, number = PLACE.unpack_from(body, start + PLACE_AT)
    return Page(time, stream, number, body[start:content], body[content:end]), end


def endings(head: bytes) -> list[Ending]:
    """Where the packets of a page end, by its head; not the one that goes on in the next page."""
    laces = head[HEAD:]
    ends = zip(laces, accumulate(laces), strict=True)
    numbered = enumerate(ends, start=1)
    return [Ending(end, count) for count, (lace, end) in numbered if lace < GOES_ON]


def is_right(page: Page) -> bool:
    """Whether a page has the checksum of its bytes."""
    return page.head[CHECKSUM] == _checksum(page.head, page.content)


def with_checksum(page: Page) -> Page:
    """The page with that of its bytes."""
    right = _checksum(page.head, page.content)
    head = page.head[: CHECKSUM.start] + right + page.head[CHECKSUM.stop :]
    return page._replace(head=head)


def _checksum(head: bytes, content: bytes) -> bytes:
    """That of a page, whose own checksum counts as zeros."""
    page = b"".join((head[: CHECKSUM.start], NO_CHECKSUM, head[CHECKSUM.stop :], content))
    return register(page, 0).to_bytes(4, "big").translate(TURNED)
