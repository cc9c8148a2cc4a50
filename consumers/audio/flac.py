"""Samples as FLAC, in memory."""

import io

import av
import numpy as np

from consumers.audio.decoder import Samples
from consumers.audio.decoding_child import RATE


def encode(samples: Samples, rate: int = RATE) -> bytes:
    """16-bit mono FLAC of float32 samples in [-1, 1); what came from 16-bit audio is kept exactly."""
    pcm = np.clip(np.round(samples * 32768), -32768, 32767).astype(np.int16)[None]
    out = io.BytesIO()
    with av.open(out, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()
