"""Recordings of which some packets are left out, or have other time stamps."""

import io
from collections.abc import Callable

import av

from adapters.audio.repeats import Packet


def remuxed(body: bytes, form: str, is_kept: Callable[[Packet], bool]) -> bytes:
    """A recording with the packets that are kept. They may get other stamps meanwhile."""
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(body), "r") as source,
        av.open(out, "w", format=form) as container,
    ):
        stream = container.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.pts is not None and is_kept(packet):
                packet.stream = stream
                container.mux(packet)
    return out.getvalue()


def restamped(body: bytes, form: str, stamp: Callable[[float], float]) -> bytes:
    """A recording whose packets have other time stamps (s)."""

    def is_kept(packet: Packet) -> bool:
        assert packet.pts is not None
        seconds = stamp(float(packet.pts * packet.time_base))
        packet.pts = packet.dts = round(seconds / packet.time_base)
        return True

    return remuxed(body, form, is_kept)
