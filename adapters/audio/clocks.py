"""Clocks of files: where they begin, and what a time stamp says by them."""

import av
from av.container import InputContainer

STREAMS = ("mpegts", "mpeg")
"""Formats whose clock does not begin with the file."""


def begins_s(stream: av.AudioStream) -> float:
    """The time stamp of the beginning of a track.

    An MP3 has no clock. FFmpeg's counts the silence that encoders put before the sound, which it
    leaves out: an eighth of a second at 8 kHz. The clock of an MPEG stream begins anywhere: with
    the delay of a program, or with that of a camera. Its pictures may begin before its sound.
    """
    container = stream.container
    assert isinstance(container, InputContainer)
    if container.format.name in STREAMS:
        return float((container.start_time or 0) / av.time_base)
    if container.format.name != "mp3":
        return 0.0
    return float((stream.start_time or 0) * (stream.time_base or 0))


def stamp_s(frame: av.AudioFrame, begins: float) -> float | None:
    """The time stamp of a frame, of a clock that begins there; None when it has none."""
    if frame.pts is None or frame.time_base is None:
        return None
    return float(frame.pts * frame.time_base) - begins
