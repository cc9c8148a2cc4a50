"""Uploads as files that FFmpeg has opened, which reads strangers' bytes here."""

import io
from collections.abc import Iterable, Iterator, Sequence

import av
from av.container import InputContainer

from adapters.media import DECODERS, FORMATS

BROKEN = (av.FFmpegError, ValueError, IndexError, MemoryError)
"""Errors of PyAV about bytes that are no audio: a text file raises IndexError."""


class NoSoundError(ValueError):
    """Raised for bytes in which there is no sound that can be decoded."""


UNDECODABLE = (NoSoundError, av.FFmpegError, MemoryError)
"""Errors of an upload. All others are defects of ours."""
OPENS = {
    "format_whitelist": FORMATS,
    "codec_whitelist": DECODERS,
    "protocol_whitelist": "file,pipe",
    "raw_packet_size": "16384",  # of FLAC and its like: 1 KiB at a time costs a quarter more
}
CHECKED = frozenset({"flac", "tta", "ac3", "eac3"})
"""Codecs whose frames have a checksum. FFmpeg decodes damaged ones to noise at full scale, or puts
sound of before in their place."""
CHECKS = {"err_detect": "crccheck+explode"}
MOST_TRACKS = 8
"""Tracks of a file that are decoded; the others are left out. A recorder has one a microphone;
programs that record a screen have six."""


def opened_each(files: Iterable[bytes]) -> Iterator[InputContainer]:
    """Each of the files that has sound. Raises NoSoundError when none can be opened."""
    return opened_sources([io.BytesIO(file) for file in files])


def opened_sources(sources: Sequence[str | io.BytesIO]) -> Iterator[InputContainer]:
    """The same for paths, too."""
    error: Exception | None = None
    is_one_open = False
    for source in sources:
        try:
            container = av.open(source, mode="r", metadata_errors="ignore", container_options=OPENS)
        except BROKEN as broken:
            error = broken
            continue
        with container:
            if tracks := tracks_of(container):
                is_one_open = True
                _check_sums(tracks)
                yield container
    if error is not None and not is_one_open:
        raise NoSoundError("no file that can be opened") from error


def tracks_of(container: InputContainer) -> list[av.AudioStream]:
    """The tracks that can be decoded. Some phones add a track that only they can decode."""
    known = [stream for stream in container.streams.audio if stream.codec_context is not None]
    return known[:MOST_TRACKS]


def _check_sums(tracks: Iterable[av.AudioStream]) -> None:
    """Frames that are not what was recorded are left out."""
    for stream in tracks:
        if stream.codec_context.name in CHECKED:
            stream.codec_context.options = CHECKS
