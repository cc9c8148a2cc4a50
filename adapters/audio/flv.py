"""FLV: tags with a time each, some of which say how AAC is encoded. Pure.

FFmpeg decodes nothing behind a damaged one of these, or all of it at a wrong speed.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from adapters.audio import heads

FILE = re.compile(heads.FLV)
FIRST = 13
"""Where the tags begin: behind the head, and the size of no tag."""
HEAD = 11
BEHIND = 4
"""Bytes of a tag in front of its content and behind it."""
SOUND = 8
AAC = 10
KINDS = frozenset((1, 2, 3, 4, 5, 29))
"""Main, LC, SSR and LTP; with bands that are made anew; with two channels that are made of one."""
CHANNELS = range(1, 8)
HZ = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
FRAME = 1_024
MOST_CONFIGS = 1_000
LOOKED_AT = 20
"""Tags of sound behind a configuration, which show how long a frame is."""
NEAR = 0.04
"""Times are milliseconds, so frames seem longer or shorter by a part of them."""


class _Tag(NamedTuple):
    """A tag of AAC, and its content, [start, end). `config`: it says how others are encoded."""

    start: int
    end: int
    time_ms: int
    config: bool


def mended(body: bytes) -> bytes:
    """A file whose configurations fit the times of its sound; any other file as it is.

    One that does not fit is damaged: the nearest one that does stands for it.
    """
    if not FILE.match(body):
        return body
    tags = list(_tags(body))
    places = [place for place, tag in enumerate(tags) if tag.config]
    if len(places) > MOST_CONFIGS:
        return body
    good = [place for place in places if _fits(body, tags, place)]
    if not good or len(good) == len(places):
        return body
    pieces: list[bytes] = []
    at = 0
    for place in places:
        nearest = min(good, key=lambda one: abs(one - place))
        tag = tags[place]
        other = tags[nearest]
        if place not in good and tag.end - tag.start == other.end - other.start:
            pieces += [body[at : tag.start], body[other.start : other.end]]
            at = tag.end
    return b"".join([*pieces, body[at:]])


def _tags(body: bytes) -> Iterator[_Tag]:
    at = FIRST
    while at + HEAD < len(body):
        start = at + HEAD
        end = start + int.from_bytes(body[at + 1 : at + 4], "big")
        if body[at] == SOUND and body[start] >> 4 == AAC and end - start > 2:
            time_ms = int.from_bytes(body[at + 7 : at + 8] + body[at + 4 : at + 7], "big")
            yield _Tag(start, end, time_ms, body[start + 1] == 0)
        at = end + BEHIND


def _fits(body: bytes, tags: Sequence[_Tag], place: int) -> bool:
    """Whether frames behind a configuration are as long as it says."""
    sound = [tag.time_ms for tag in tags[place + 1 : place + 1 + LOOKED_AT] if not tag.config]
    start = tags[place].start + 2
    config = int.from_bytes(body[start : start + 2], "big")
    rate = config >> 7 & 15
    is_known = config >> 11 in KINDS and rate < len(HZ) and config >> 3 & 15 in CHANNELS
    if not is_known or len(sound) < 2:
        return False
    frame_ms = (sound[-1] - sound[0]) / (len(sound) - 1)
    return abs(frame_ms * HZ[rate] / 1_000 - FRAME) <= NEAR * FRAME
