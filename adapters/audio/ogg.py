"""Ogg: pages that have a number and a checksum each. Pure.

FFmpeg leaves out a page with a wrong checksum: a second of sound for a packet that is damaged. It
does so with one whose end was cut off. It hears a page of FLAC in the place of a lost one before.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice, pairwise
from operator import attrgetter
from typing import NamedTuple
from zlib import crc32

from adapters.audio import opus

SIGN = re.compile(rb"OggS\0[\0-\7].{20}", re.DOTALL)
"""The head of a page, up to the number of its laces."""
HEAD = 27
MOST_SIGNS = 20_000
"""An upload has 6,000 pages at most, of one packet each. A file of more stays as it is."""
FLAGS_AT = 5
CONTINUED = 1
FIRST = 2
"""Flags of a page that begins within a packet, and of the first one of a stream."""
PLACE = struct.Struct("<QII")
PLACE_AT = 6
"""The time at the end of a page, its stream, and its number in that."""
CHECKSUM = slice(22, 26)
UNKNOWN = 2**64 - 1
"""The time of a page in which no packet ends."""
GOES_ON = 255
"""Bytes of a lace behind which its packet goes on."""
TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Each byte with its bits in the other order, in which zlib counts them."""
ONES = 0xFFFFFFFF
FLAC = b"\x7fFLAC"
FLAC_FILE = slice(9, 51)
"""Where the head of a FLAC file stands in the first packet: its sign, and one block."""
FLAC_LONGEST = slice(19, 21)
"""Where the first packet says the samples of the longest frame."""
FLAC_NUMBER = slice(4, 5)
FLAC_ZERO = b"\0"
"""Where a frame begins to say its number, and that of the first one."""
FLAC_BLOCK = 4
LAST_BLOCK = 0x80
"""The byte of that head that says whether another block follows, and the bit for none."""


class Page(NamedTuple):
    """`time`: 0 for a page of heads. Units are the codec's."""

    time: int
    stream: int
    number: int
    head: bytes
    content: bytes
    is_damaged: bool = False


class _Ending(NamedTuple):
    """`at`: bytes of the page's content up to the end of a packet. `laces`: how many there are."""

    at: int
    laces: int


def mended(body: bytes) -> bytes:
    """A file of whole pages, each once and in its order; any other file as it is."""
    if not SIGN.match(body) or _is_whole(body):
        return body
    starts = [sign.start() for sign in islice(SIGN.finditer(body), MOST_SIGNS)]
    if len(starts) == MOST_SIGNS:
        return body
    pages = _in_order(list(_pages(body, starts)))
    if not pages:
        return body
    is_gap = any(after.number != page.number + 1 for page, after in pairwise(pages))
    is_damaged = any(page.is_damaged for page in pages)
    is_flac = pages[0].content.startswith(FLAC) and _is_one_stream(pages)
    if is_flac and (is_gap or is_damaged) and not _begins_later(pages):
        return _as_flac(pages)
    return b"".join(page.head + page.content for page in pages)


def _is_whole(body: bytes) -> bool:
    """Whether pages follow each other to the end, none of them damaged, and none lost of a stream.

    Nearly all files are so: to look for signs in them, and to put them together again, costs more.
    Of a file with more pages than an upload has those behind are not looked at.
    """
    next_number: dict[int, int] = {}
    at = 0
    for _ in range(MOST_SIGNS):
        if at == len(body):
            break
        if not SIGN.match(body, at):
            return False
        page, at = page_at(body, at)
        is_next = page.number == next_number.get(page.stream, page.number)
        if not is_next or page.head[CHECKSUM] != _checksum(page.head, page.content):
            return False
        next_number[page.stream] = page.number + 1
    return True


def _pages(body: bytes, starts: Sequence[int]) -> Iterator[Page]:
    """The pages that can be heard, those with damaged packets, too. Each begins at a sign."""
    last: dict[int, Page] = {}
    firsts: dict[int, bytes] = {}
    at = 0
    for start in starts:
        if start < at:
            continue
        page, end = page_at(body, start)
        before = last.get(page.stream)
        if page.head[CHECKSUM] == _checksum(page.head, page.content):
            at = end
        elif page.head[FLAGS_AT] & FIRST:
            page = _with_checksum(page)
        elif before and end >= len(body) and page.number == before.number + 1:
            page = _cut_off(page, before)
        elif before and _is_between(before, page, body, end):
            repaired = _repaired(page, before, firsts[page.stream])
            if repaired is None:
                continue
            page = repaired
        else:
            continue
        firsts.setdefault(page.stream, page.content)
        last[page.stream] = page
        yield page


def page_at(body: bytes, start: int) -> tuple[Page, int]:
    """The page at a place, of which the end may be cut off, and where it ends by its own words."""
    first = start + HEAD
    content = first + sum(body[first - 1 : first])
    laces = body[first:content]
    end = content + sum(laces)
    time, stream, number = PLACE.unpack_from(body, start + PLACE_AT)
    return Page(time, stream, number, body[start:content], body[content:end]), end


def _is_between(before: Page, page: Page, body: bytes, end: int) -> bool:
    """Whether the head of a damaged page fits those of its neighbours: its time is right then."""
    if not SIGN.match(body, end):
        return False
    time, stream, _ = PLACE.unpack_from(body, end + PLACE_AT)
    is_before = stream != page.stream or page.time <= time
    return is_before and page.number == before.number + 1 and page.time >= before.time


def _repaired(page: Page, before: Page, first: bytes) -> Page | None:
    """A damaged page whose packets say how long they are; None of a codec that is not known.

    `first` is the content of the first page of its stream.
    """
    content: bytes | None = None
    if first.startswith(FLAC):
        content = page.content
    if first.startswith(opus.HEAD) and not page.head[FLAGS_AT] & CONTINUED:
        ends = [ending.at for ending in _endings(page.head)]
        content = opus.evened(page.content, [0, *ends[:-1]], page.time - before.time)
    if content is None:
        return None
    return _with_checksum(page._replace(content=content, is_damaged=True))


def _cut_off(page: Page, before: Page) -> Page:
    """The whole packets of the last page. They last as long as the others."""
    endings = _endings(page.head)
    whole = [ending for ending in endings if ending.at <= len(page.content)]
    last = whole[-1] if whole else _Ending(0, 0)
    lasts = max(0, page.time - before.time)
    time = before.time + lasts * len(whole) // max(1, len(endings))
    laces = page.head[HEAD:]
    head = bytearray(page.head)
    PLACE.pack_into(head, PLACE_AT, time, page.stream, page.number)
    head[HEAD - 1 :] = bytes([last.laces]) + laces[: last.laces]
    content = page.content[: last.at]
    return _with_checksum(Page(time, page.stream, page.number, bytes(head), content))


def _endings(head: bytes) -> list[_Ending]:
    """Where the packets of a page end, by its head; not the one that goes on in the next page."""
    laces = head[HEAD:]
    ends = zip(laces, accumulate(laces), strict=True)
    numbered = enumerate(ends, start=1)
    return [_Ending(end, count) for count, (lace, end) in numbered if lace < GOES_ON]


def _with_checksum(page: Page) -> Page:
    right = _checksum(page.head, page.content)
    head = page.head[: CHECKSUM.start] + right + page.head[CHECKSUM.stop :]
    return page._replace(head=head)


def _checksum(head: bytes, content: bytes) -> bytes:
    """That of a page, whose own checksum counts as zeros."""
    page = b"".join([head[: CHECKSUM.start], bytes(4), head[CHECKSUM.stop :], content])
    turned = crc32(page.translate(TURNED), ONES) ^ ONES
    return turned.to_bytes(4, "big").translate(TURNED)


def _in_order(pages: list[Page]) -> list[Page]:
    """The pages, each once and by their numbers; as they are where two have one number."""
    once: dict[tuple[int, int], Page] = {}
    for page in pages:
        if once.setdefault((page.stream, page.number), page).content != page.content:
            return pages
    pages = list(once.values())
    ordered = sorted(pages, key=attrgetter("number")) if _is_one_stream(pages) else pages
    # The heads are in front, whatever a writer says of numbers.
    return ordered if ordered and ordered[0].head[FLAGS_AT] & FIRST else pages


def _is_one_stream(pages: Sequence[Page]) -> bool:
    return len({page.stream for page in pages}) == 1


def _begins_later(pages: Sequence[Page]) -> bool:
    """Whether frames of FLAC count from zero, and the time of their pages from a later moment."""
    packets = 0
    sound = [page for page in pages if page.time]
    if not sound or sound[0].content[FLAC_NUMBER] != FLAC_ZERO:
        return False
    for page in sound:
        packets += len(_endings(page.head))
        if page.time != UNKNOWN:
            longest = int.from_bytes(pages[0].content[FLAC_LONGEST], "big")
            return page.time > packets * longest
    return False


def _as_flac(pages: Sequence[Page]) -> bytes:
    """A FLAC file: its frames name their places, each by itself."""
    head = bytearray(pages[0].content[FLAC_FILE])
    head[FLAC_BLOCK] |= LAST_BLOCK
    behind_heads = max(number for number, page in enumerate(pages) if not page.time) + 1
    return bytes(head) + b"".join(page.content for page in pages[behind_heads:])
