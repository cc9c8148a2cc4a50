"""Ogg as some writers make it, and as its rules say. Pure.

FFmpeg leaves out pages whose checksum is wrong, and refuses Opus whose second page says that it is
the first one, or is of another stream. Other players take them.
"""

from collections.abc import Mapping, Sequence

from adapters.audio.ogg_pages import (
    CHECKSUM,
    CONTINUED,
    FIRST,
    FLAGS_AT,
    GOES_ON,
    HEAD,
    NO_CHECKSUM,
    PLACE,
    PLACE_AT,
    SIGN,
    Page,
    is_right,
    page_at,
    with_checksum,
)


def is_next(page: Page, before: Page | None) -> bool:
    """Whether a page follows the one before in its stream, and has the flags of its place."""
    flags = page.head[FLAGS_AT] & (FIRST | CONTINUED)
    if before is None:
        return flags == FIRST
    return page.number == before.number + 1 and flags == CONTINUED * (before.head[-1] == GOES_ON)


def ruled(body: bytes, starts: Sequence[int]) -> bytes:
    """The file with its pages by the rules, each of which begins at a sign. No size changes.

    Damaged pages stay as they are. A writer that makes no checksums leaves them 0, or all of them
    are wrong: such a page is none of the damaged ones where another one follows.
    """
    rights = [is_right(page_at(body, start)[0]) for start in starts]
    is_checked = any(rights)
    last: dict[int, Page] = {}
    pieces: list[bytes] = []
    at = 0
    for start, right in zip(starts, rights, strict=True):
        if start < at:
            continue
        page, end = page_at(body, start)
        is_unchecked = page.head[CHECKSUM] == NO_CHECKSUM or not is_checked
        if right or (is_unchecked and _is_followed(body, end)):
            page = _by_rule(page, last)
            last[page.stream] = page
            pieces += [body[at:start], page.head, page.content]
            at = end
    return b"".join([*pieces, body[at:]])


def _is_followed(body: bytes, end: int) -> bool:
    return end == len(body) or SIGN.match(body, end) is not None


def _by_rule(page: Page, last: Mapping[int, Page]) -> Page:
    """A page in its stream, with the flags of its place, and its checksum."""
    stream = _stream(page, last)
    head = bytearray(page.head)
    if stream in last:
        head[FLAGS_AT] = _flags(page, last[stream])
    PLACE.pack_into(head, PLACE_AT, page.time, stream, page.number)
    return with_checksum(page._replace(stream=stream, head=bytes(head)))


def _stream(page: Page, last: Mapping[int, Page]) -> int:
    """The stream of a page: that of the page before, where one of no stream follows it."""
    if page.stream not in last and len(last) == 1 and not page.head[FLAGS_AT] & FIRST:
        [before] = last.values()
        if page.number == before.number + 1:
            return before.stream
    return page.stream


def _flags(page: Page, before: Page) -> int:
    """Those of a page behind another one: it is not the first, and it may begin within a packet."""
    flags = page.head[FLAGS_AT] & ~FIRST
    if page.number != before.number + 1 or len(before.head) == HEAD:
        return flags
    return flags & ~CONTINUED | CONTINUED * (before.head[-1] == GOES_ON)
