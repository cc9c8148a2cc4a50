"""Uploads opened: files that were joined to one body are found, and opened one by one."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, filterfalse, islice
from pathlib import Path

from av.container import InputContainer

from adapters.audio.alignment import aligned
from adapters.audio.files import whole_files
from adapters.audio.indexed import restored
from adapters.audio.mixtures import parts_by_kind
from adapters.audio.opening import UNDECODABLE, opened_each, opened_sources
from adapters.audio.protected import is_protected
from adapters.audio.sound import frames, packets
from schemas.limits import MIB

MOST_LISTENED = 500
"""Packets in which a part of a body shows that it has sound."""
MOST_SILENT = 4
"""Parts without sound; behind them the rest is one file. To find no sound takes seconds."""
WHOLE_BYTES = 64 * MIB
"""Files up to this size are searched for others that were joined to them."""


def opened(body: bytes) -> Iterator[InputContainer]:
    """Each file of an upload that has sound. Raises NoSoundError when none can be opened."""
    pieces = _pieces(parts_by_kind(body))
    files = filterfalse(is_protected, chain.from_iterable(map(whole_files, pieces)))
    return opened_each(map(aligned, map(restored, files)))


def opened_file(path: Path) -> Iterator[InputContainer]:
    """The same for a file on this disk. A file that is larger than any upload is not searched."""
    if path.stat().st_size > WHOLE_BYTES:
        return opened_sources([str(path)])
    return opened(path.read_bytes())


def _pieces(parts: list[bytes]) -> list[bytes]:
    """Parts of a body with sound in each: where there is none, no file began."""
    if len(parts) == 1:
        return parts
    pieces = parts[:0]
    silent = 0
    for part in _begun(parts):
        if not pieces or (silent < MOST_SILENT and _is_heard(part)):
            pieces.append(part)
        else:
            silent += 1
            pieces[-1] += part
    return pieces


def _begun(parts: list[bytes]) -> list[bytes]:
    """The parts, with sound in the first one; as one where no sound is found."""
    heard = (way for way in _ways(parts) if _is_heard(way[0]))
    return next(heard, [b"".join(parts)])


def _ways(parts: list[bytes]) -> Iterator[list[bytes]]:
    """Ways in which a body may begin. A file may hold what looks like the sign of another one.

    Before a file may stand what is none: a tag that nobody can read, or the head of a form.
    """
    yield parts
    yield [b"".join(parts[:2]), *parts[2:]]
    yield parts[1:]
    if len(parts) > 2:
        yield [b"".join(parts[:3]), *parts[3:]]


def _is_heard(body: bytes) -> bool:
    """Whether there is sound that can be decoded."""
    with suppress(*UNDECODABLE):
        found = packets(opened_each(whole_files(body)))
        return any(frames(packet) for _, _, packet in islice(found, MOST_LISTENED))
    return False
