"""Recordings whose packets have other time stamps."""

import io
from collections.abc import Callable

import av


def restamped(body: bytes, form: str, stamp: Callable[[float], float]) -> bytes:
    """A recording whose packets have other time stamps (s)."""
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(body), "r") as source,
        av.open(out, "w", format=form) as container,
    ):
        stream = container.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.pts is not None:
                seconds = stamp(float(packet.pts * packet.time_base))
                packet.pts = packet.dts = round(seconds / packet.time_base)
                packet.stream = stream
                container.mux(packet)
    return out.getvalue()
