"""MP4 and CAF files that lost bytes within their sound, or got some: an index says where all was.

FFmpeg reads each packet where the index says. All packets behind the place were moved by as many
bytes, and none of them was heard. Their decoder knows from which one on they are elsewhere.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext

from adapters.audio.boxes import box_at
from adapters.audio.opening import BROKEN, UNDECODABLE, opened_each, tracks_of
from adapters.audio.packet_tables import PacketTable, packet_table, with_size
from adapters.audio.unknown_lengths import lengthened
from schemas.ranges import Range

LOST = b"\xfe"
"""Stands for lost bytes. In few codecs it is sound, and in none of them the head of a frame."""
LOOKED_AT = 20
"""Packets: the first and the last ones say how long most are, and whether these were moved."""
MOST_BOXES = 1_000


def restored(file: bytes) -> bytes:
    """The file with its packets where its index says; any other file as it is.

    The index says where the sound ended. So it is known how many bytes were lost, or put between,
    and not where.
    """
    if table := packet_table(file):
        return _of_table(file, table)
    end = _end(file)
    if not end:
        return file
    with suppress(*UNDECODABLE):
        for container in opened_each([file]):
            indexes = [one.index_entries for one in container.streams if len(one.index_entries)]
            moved = end - max((index[-1].pos + index[-1].size for index in indexes), default=end)
            if moved and -moved <= len(file):
                track = tracks_of(container)[0]
                packets = [(one.pos, one.pos + one.size) for one in track.index_entries]
                mended = _restored(file, track.codec_context, sorted(packets), moved)
                return lengthened(mended) if mended is not file else file
    return file


def _of_table(file: bytes, table: PacketTable) -> bytes:
    """The same for a CAF."""
    moved = table.end - table.packets[-1][1]
    if not moved or -moved > len(file):
        return file
    with suppress(*UNDECODABLE):
        for container in opened_each([file]):
            codec = tracks_of(container)[0].codec_context
            mended = _restored(file, codec, table.packets, moved)
            return with_size(mended, table) if mended is not file else file
    return file


def _end(file: bytes) -> int:
    """Where the sound of a file ends; 0 for a file without an index of all packets."""
    end = at = 0
    is_indexed = False
    for _ in range(MOST_BOXES):
        box = box_at(file, at)
        if box is None or box.name == b"moof":
            break
        at = box.end
        if box.name == b"mdat":
            end = len(file) if is_indexed else at
        is_indexed |= box.name == b"moov"
    return end if is_indexed else 0


def _restored(file: bytes, codec: AudioCodecContext, packets: Sequence[Range], moved: int) -> bytes:
    """`moved`: the bytes by which the last packets are behind their places."""
    last = packets[-LOOKED_AT:]
    lengths = _lengths(file, codec, last, moved)
    heard = Counter(filter(None, [*_lengths(file, codec, packets[:LOOKED_AT]), *lengths]))
    usual = max(heard, key=heard.__getitem__, default=0)
    if lengths.count(usual) <= _lengths(file, codec, last).count(usual):
        return file
    here = np.array(_lengths(file, codec, packets)) == usual
    there = np.array(_lengths(file, codec, packets, moved)) == usual
    # For each packet: how many are whole when it is the first one that was moved.
    whole = here.cumsum() - here + there[::-1].cumsum()[::-1]
    first = len(packets) - 1 - int(whole[::-1].argmax())
    at = packets[first][0]
    damaged = next(begin for begin, end in packets if end > min(at, at + moved))
    return file[:damaged].ljust(at, LOST) + file[at + moved :]


def _lengths(
    file: bytes, codec: AudioCodecContext, packets: Sequence[Range], moved: int = 0
) -> list[int]:
    """The samples of each packet, at so many bytes from its place; 0 for bytes that are none."""
    codec.flush_buffers()
    return [_length(codec, file[max(0, at + moved) : end + moved]) for at, end in packets]


def _length(codec: AudioCodecContext, packet: bytes) -> int:
    with suppress(*BROKEN):
        if packet:
            return sum(frame.samples for frame in codec.decode(av.Packet(packet)))
    return 0
