"""MP4 files of fragments as recorders send them: repeated, moved, late, with junk between. Pure.

FFmpeg reads from box to box: junk between two ends the file. It hears what came twice, and loses
fragments whose times go back, or whose data is counted from the beginning of another file.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from operator import attrgetter
from typing import NamedTuple

from adapters.audio import heads
from adapters.audio.boxes import NUMBER, Box, box_at, boxes, indexed_ticks, inside, number
from adapters.audio.fragment import MOST_LOST, Fragment, Track, parsed
from adapters.audio.places import JITTER_S, Moved, Places, samples_of
from schemas.audio import SAMPLE_RATE

FRAGMENT = re.compile(rb"moof....mfhd", re.DOTALL)
FILE = re.compile(heads.MP4)
"""Names of boxes with which a fragment and a file begin; their sizes stand before them."""
MOST_FRAGMENTS = 20_000
"""Of an upload: one of 120 s has 6,000 at most. A file of more is left as it is."""
MOST_FILES = 20


class _Placed(NamedTuple):
    """`at`: its place in samples. `later_s`: by how much that is behind its time stamp."""

    fragment: Fragment
    at: int
    later_s: float


def mended(body: bytes, most_files: int = MOST_FILES) -> bytes:
    """A file whose fragments follow each other, each once; any other file as it is."""
    moov = next((box for box in boxes(body, 0, len(body)) if box.name == b"moov"), None)
    if moov is None or not inside(body, moov, b"mvex") or not most_files:
        return body
    tracks = _tracks(body, moov)
    files = _places(FILE, body, moov.end, len(body))
    seen: set[int] = set()
    end = next((at for at in files if _is_other_file(body, at, moov, seen)), len(body))
    places = _places(FRAGMENT, body, moov.end, end)
    if not 0 < len(places) < MOST_FRAGMENTS:
        return body
    found = _fragments(body, [*places, end], tracks)
    if not found or _is_elsewhere(body, found[0]):
        return body
    sound_end = end if _has_data(body, places[-1], end) else places.pop()
    once = _once(body, found)
    placed = sorted(_placed(once, tracks), key=attrgetter("at"))
    is_in_order = [one.fragment for one in placed] == found
    is_in_time = not any(one.later_s for one in placed)
    file = body[:sound_end]
    if not (is_in_order and is_in_time and _is_chain(body, places, found)):
        file = _rebuilt(body, moov, placed, tracks)
    return file + mended(body[end:], most_files - 1) if end < len(body) else file


def _places(name: re.Pattern[bytes], body: bytes, at: int, until: int) -> list[int]:
    """Where boxes with a name seem to begin; their names are from `at` on."""
    found_names = islice(name.finditer(body, at, until), MOST_FRAGMENTS)
    return [found.start() - NUMBER.size for found in found_names]


def _tracks(body: bytes, moov: Box) -> dict[int, Track]:
    """The tracks of a file by their numbers."""
    samples: dict[int, int] = {}
    for trex in boxes(body, *_content(inside(body, moov, b"mvex"))):
        samples[number(body, trex.content + 4, trex.end)] = number(
            body, trex.content + 12, trex.end
        )
    tracks: dict[int, Track] = {}
    for trak in boxes(body, moov.content, moov.end):
        tkhd = inside(body, trak, b"tkhd")
        mdhd = inside(body, trak, b"mdia", b"mdhd")
        hdlr = inside(body, trak, b"mdia", b"hdlr")
        if trak.name == b"trak" and tkhd and mdhd and hdlr:
            name = number(body, tkhd.content + (20 if body[tkhd.content] else 12), tkhd.end)
            ticks = number(body, mdhd.content + (20 if body[mdhd.content] else 12), mdhd.end)
            is_sound = body.startswith(b"soun", hdlr.content + 8)
            indexed = indexed_ticks(body, trak)
            tracks[name] = Track(max(1, ticks), samples.get(name, 0), is_sound, indexed)
    return tracks


def _content(box: Box | None) -> tuple[int, int]:
    return (box.content, box.end) if box else (0, 0)


def _is_other_file(body: bytes, at: int, moov: Box, seen: set[int]) -> bool:
    """Whether the box at `at` begins another file; a recorder may send its own head again.

    `seen` are the places of boxes behind which there is none. Boxes that are looked at are added.
    """
    if body[at : at + 2] != b"\0\0":
        return False
    for box in boxes(body, at, len(body)):
        if box.at in seen or box.name == b"moof":
            return False
        seen.add(box.at)
        if box.name == b"moov":
            return body[box.at : box.end] != body[moov.at : moov.end]
    return False


def _fragments(body: bytes, places: Sequence[int], tracks: Mapping[int, Track]) -> list[Fragment]:
    """Those that begin at the places, each with its data up to the next one.

    Zeros for what is lost are as many as the bytes of the file, all together, and one fragment's.
    """
    found: list[Fragment] = []
    spare = len(body) + MOST_LOST
    for at, end in pairwise(places):
        fragment = parsed(body, at, end, tracks, min(MOST_LOST, spare))
        if fragment is not None:
            found.append(fragment)
            spare -= fragment.lost
    return found


def _is_elsewhere(body: bytes, first: Fragment) -> bool:
    """Whether data begins with something else, or stands in front of its head, as QuickTime may do.

    Where the first fragment is so, nobody knows where the data of others begins.
    """
    if first.claim.content < first.begins < first.end:
        return True
    before = (box for box in boxes(body, 0, first.at) if box.name == b"mdat")
    return any(box.content <= first.begins < box.end for box in before)


def _has_data(body: bytes, at: int, until: int) -> bool:
    """Whether there is data behind the head of the fragment at `at`: FFmpeg opens no file else.

    A recorder that died may have left zeros there.
    """
    while (box := box_at(body, at)) and box.end <= until and box.name != b"mdat":
        at = box.end
    return box is not None and box.name == b"mdat"


def _once(body: bytes, fragments: Sequence[Fragment]) -> list[Fragment]:
    """Those that do not come again. Of one that was broken off the whole one stays."""
    once: dict[object, Fragment] = {}
    for fragment in fragments:
        key = fragment.key(body)
        before = once.get(key, fragment)
        data = fragment.data(body)
        data_before = before.data(body)
        if data_before.startswith(data):
            once[key] = before
        elif data.startswith(data_before):
            once[key] = fragment
        else:
            once[key, fragment.at] = fragment
    return list(once.values())


def _placed(fragments: Sequence[Fragment], tracks: Mapping[int, Track]) -> list[_Placed]:
    """Where each belongs: as the packets of all other files, by its time stamp."""
    places: dict[int, Places] = {}
    placed: list[_Placed] = []
    for fragment in fragments:
        said = fragment.sound
        ticks = tracks[said.track].ticks
        stamp = said.time / ticks if said.time_at else None
        length = samples_of(stamp, said.length / ticks)
        if said.track not in places:
            indexed_s = tracks[said.track].indexed / ticks
            places[said.track] = Places(end=samples_of(0.0, indexed_s))
        track = places[said.track]
        at = track.place(stamp, length)
        if track.back:
            _move_back(placed, said.track, track.back)
        later_s = 0.0 if stamp is None else at / SAMPLE_RATE - stamp
        placed.append(_Placed(fragment, at, later_s if abs(later_s) > JITTER_S else 0.0))
    return placed


def _move_back(placed: list[_Placed], track: int, back: Moved) -> None:
    """Moves the last fragments of a track, up to the one in front of which it jumped ahead."""
    for place in reversed(range(len(placed))):
        one = placed[place]
        if one.fragment.sound.track != track:
            continue
        if one.at < back.start:
            break
        later_s = one.later_s - back.by / SAMPLE_RATE
        placed[place] = one._replace(at=one.at - back.by, later_s=later_s)


def _is_chain(body: bytes, places: Sequence[int], fragments: Sequence[Fragment]) -> bool:
    """Whether FFmpeg finds each fragment, and each finds its data."""
    chain = {box.at for box in boxes(body, 0, len(body))}
    is_found = all(fragment.begins == fragment.claim.content for fragment in fragments)
    return is_found and chain.issuperset(places)


def _rebuilt(
    body: bytes, moov: Box, placed: Sequence[_Placed], tracks: Mapping[int, Track]
) -> bytes:
    """A file of these fragments, behind the samples that its index has of its own."""
    first = min(one.fragment.at for one in placed)
    samples = (box.end for box in boxes(body, moov.end, first) if box.name == b"mdat")
    at = max(samples, default=moov.end)
    pieces = [body[:at]]
    for fragment, _, later_s in placed:
        pieces.append(fragment.moved(body, at, later_s, tracks))
        at += len(pieces[-1])
    return b"".join(pieces)
