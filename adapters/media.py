"""Audio files: the formats and decoders that may be opened, and FLAC in memory."""

import io
from typing import Any

import av
import numpy as np
from av.codec import Codec, codecs_available
from av.codec.codec import UnknownCodecError

from schemas.audio import SAMPLE_RATE

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,wav,flac,aac,caf,mp3,amr,aiff,w64,au,mpegts,asf,"
    "ac3,eac3,dts,loas,qcp,voc,wv,ape,tta,avi,flv,mpeg"
)
"""FFmpeg's names of the formats that contain their own sound.

Formats that name other files (concat, playlists) are left out: a recording is one file.
"""


def _is_decoder_of_sound(name: str) -> bool:
    try:
        return Codec(name, "r").type == "audio"
    except UnknownCodecError:  # an encoder alone has this name
        return False


DECODERS = ",".join(filter(_is_decoder_of_sound, sorted(codecs_available)))
"""FFmpeg's names of the decoders that a file may ask for.

It decodes a picture to open a file: a cover of 12,000 pixels took 1.4 s and 420 MB.
"""

FULL_SCALE = 32_768
"""The integer of a sample of 1.0."""
Pcm = np.ndarray[Any, np.dtype[np.int16]]


def encode_flac(pcm: Pcm) -> bytes:
    """A FLAC file of 16-bit mono samples of shape (samples,) at SAMPLE_RATE. Lossless."""
    out = io.BytesIO()
    with av.open(out, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def pcm(samples: np.ndarray[Any, np.dtype[np.float32]]) -> Pcm:
    """The samples as 16 bit integers. Lossless for samples that were such integers."""
    scaled = np.round(samples * FULL_SCALE)
    clipped = np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1)
    return clipped.astype(np.int16)
