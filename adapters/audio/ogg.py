"""Ogg: pages that have a number and a checksum each. Pure.

FFmpeg leaves out a page with a wrong checksum: a second of sound for a packet that is damaged. It
does so with one whose end was cut off. It hears a page of FLAC in the place of a lost one before.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from operator import attrgetter

from adapters.audio import opus
from adapters.audio.ogg_pages import (
    CONTINUED,
    FIRST,
    FLAGS_AT,
    HEAD,
    PLACE,
    PLACE_AT,
    SIGN,
    UNKNOWN,
    Ending,
    Page,
    endings,
    is_right,
    page_at,
    with_checksum,
)
from adapters.audio.ogg_writers import is_next, ruled

MOST_SIGNS = 20_000
"""An upload has 6,000 pages at most, of one packet each. A file of more stays as it is."""
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


def mended(body: bytes) -> bytes:
    """A file of whole pages, each once and in its order; any other file as it is."""
    if not SIGN.match(body) or _is_whole(body):
        return body
    starts = [sign.start() for sign in islice(SIGN.finditer(body), MOST_SIGNS)]
    if len(starts) == MOST_SIGNS:
        return body
    pages = _in_order(list(_pages(ruled(body, starts), starts)))
    if not pages:
        return body
    is_gap = any(after.number != page.number + 1 for page, after in pairwise(pages))
    is_damaged = any(page.is_damaged for page in pages)
    is_flac = pages[0].content.startswith(FLAC) and _is_one_stream(pages)
    if is_flac and (is_gap or is_damaged) and not _begins_later(pages):
        return _as_flac(pages)
    return b"".join(page.head + page.content for page in pages)


def _is_whole(body: bytes) -> bool:
    """Whether pages follow each other to the end by the rules, none damaged, none lost of a stream.

    Nearly all files are so: to look for signs in them, and to put them together again, costs more.
    Of a file with more pages than an upload has those behind are not looked at.
    """
    last: dict[int, Page] = {}
    at = 0
    for _ in range(MOST_SIGNS):
        if at == len(body):
            break
        if not SIGN.match(body, at):
            return False
        page, at = page_at(body, at)
        if not (is_next(page, last.get(page.stream)) and is_right(page)):
            return False
        last[page.stream] = page
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
        if is_right(page):
            at = end
        elif page.head[FLAGS_AT] & FIRST:
            page = with_checksum(page)
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


def _is_between(before: Page, page: Page, body: bytes, end: int) -> bool:
    """Whether the head of a damaged page fits those of its neighbours: its time is right then."""
    if not SIGN.match(body, end):
        return False
    time, stream, _ = PLACE.unpack_from(body, end + PLACE_AT)
    is_before = stream != page.stream or page.time <= time
    return is_before and page.number == before.number + 1 and page.time >= before.time


def _repaired(page: Page, before: Page, first: bytes) -> Page | None:
    """A damaged page of heads, or one whose packets say how long they are; None of other codecs.

    `first` is the content of the first page of its stream.
    """
    content: bytes | None = None
    if first.startswith(FLAC) or not page.time:
        content = page.content
    elif first.startswith(opus.HEAD) and not page.head[FLAGS_AT] & CONTINUED:
        ends = [ending.at for ending in endings(page.head)]
        content = opus.evened(page.content, [0, *ends[:-1]], page.time - before.time)
    if content is None:
        return None
    return with_checksum(page._replace(content=content, is_damaged=True))


def _cut_off(page: Page, before: Page) -> Page:
    """The whole packets of the last page. They last as long as the others."""
    packets = endings(page.head)
    whole = [ending for ending in packets if ending.at <= len(page.content)]
    last = whole[-1] if whole else Ending(0, 0)
    lasts = max(0, page.time - before.time)
    time = before.time + lasts * len(whole) // max(1, len(packets))
    laces = page.head[HEAD:]
    head = bytearray(page.head)
    PLACE.pack_into(head, PLACE_AT, time, page.stream, page.number)
    head[HEAD - 1 :] = bytes([last.laces]) + laces[: last.laces]
    content = page.content[: last.at]
    return with_checksum(Page(time, page.stream, page.number, bytes(head), content))


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
        packets += len(endings(page.head))
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
