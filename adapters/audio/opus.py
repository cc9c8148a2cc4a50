"""Packets of Opus: how long each is, by its first bytes. Pure.

FFmpeg reckons the time of a page from the lengths of its packets: a damaged one moves all others.
"""

from collections import Counter
from collections.abc import Sequence

HEAD = b"OpusHead"
SILK = (480, 960, 1_920, 2_880)
HYBRID = (480, 960)
SHORTEST = 120
"""Samples of a frame at 48 kHz."""
MANY = 3
"""The code of a packet whose second byte says how many frames it has."""


def evened(content: bytes, starts: Sequence[int], expected: int) -> bytes | None:
    """The packets that begin at `starts`, each as long as most are; None without the sum expected.

    There is one at least. A packet that says another length is damaged.
    """
    heads = [content[start : start + 2] for start in starts]
    lengths = [_length(head) for head in heads]
    if sum(lengths) == expected:
        return content
    [(usual, _)] = Counter(lengths).most_common(1)
    if usual * len(lengths) != expected:
        return None
    head = heads[lengths.index(usual)]
    kept = head if head[0] & 3 == MANY else head[:1]
    patched = bytearray(content)
    for start, length in zip(starts, lengths, strict=True):
        if length != usual:
            patched[start : start + len(kept)] = kept
    return bytes(patched[: len(content)])


def _length(head: bytes) -> int:
    """Samples of a packet with these first two bytes; 0 for none."""
    if not head:
        return 0
    form = head[0] >> 3
    if form < 12:
        frame = SILK[form & 3]
    elif form < 16:
        frame = HYBRID[form & 1]
    else:
        frame = SHORTEST << (form & 3)
    code = head[0] & 3
    frames = (1, 2, 2, head[-1] & 0x3F)[code]
    return frame * frames
