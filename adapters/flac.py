"""16-bit mono samples as a FLAC file, in memory."""

import io
from typing import Any

import av
import numpy as np

Pcm = np.ndarray[Any, np.dtype[np.int16]]


def encode(pcm: Pcm, rate: int) -> bytes:
    """`pcm` has shape (samples,); lossless."""
    out = io.BytesIO()
    with av.open(out, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()
