"""The audio of a chunk as it is, whatever its phone says: measured before the chunk is taken."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from adapters.audio.answers import Measured
from adapters.audio.failures import DecoderFailed
from adapters.http.problems import HttpProblem
from adapters.process.metrics import UPLOAD_SECONDS
from producers.gateway.away import Answering
from producers.gateway.chunk_request import ChunkBody, ChunkHeaders, beyond_session, damaged
from producers.gateway.undecodable import decoder_failed, undecodable
from schemas.audio import BRIDGE_MS
from schemas.ids import UserId
from schemas.limits import CHUNK_DURATION_MS, SECOND_MS, SESSION_MS
from schemas.rejections import Reason, Rejected

MEASURED_SECONDS = UPLOAD_SECONDS.labels("measured")
MEDIA_TYPES = {
    "aac": "audio/aac",
    "ac3": "audio/ac3",
    "aiff": "audio/aiff",
    "amr": "audio/amr",
    "asf": "audio/x-ms-wma",
    "au": "audio/basic",
    "avi": "video/x-msvideo",
    "caf": "audio/x-caf",
    "eac3": "audio/eac3",
    "flac": "audio/flac",
    "flv": "video/x-flv",
    "matroska,webm": "audio/webm",
    "mov,mp4,m4a,3gp,3g2,mj2": "audio/mp4",
    "mp3": "audio/mpeg",
    "mpeg": "video/mpeg",
    "mpegts": "video/mp2t",
    "ogg": "audio/ogg",
    "w64": "audio/x-w64",
    "wav": "audio/wav",
}
"""By FFmpeg's names of formats."""


@dataclass(frozen=True)
class ChunkAudio:
    """The chunk's number, its place on the timeline by its own audio, and its media type."""

    seq: int
    start_ms: int
    duration_ms: int
    content_type: str


class Measures(Protocol):
    """Port of `adapters.audio.measuring.Measuring`."""

    async def measure(self, body: bytes, user: UserId) -> Measured:
        """The extent of an upload. Raises Rejected, and TransientError to be asked again."""


class AudioCheck:
    """Whether an upload can be decoded, and how long it is. A sandboxed process finds out."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._answering = Answering()

    async def measured(self, user: UserId, headers: ChunkHeaders, body: ChunkBody) -> ChunkAudio:
        """The chunk with the duration of its audio.

        Raises HttpProblem: 415 for what cannot be decoded, 400 when it is damaged, 422 when it is
        longer than a chunk or ends after the longest session, 503 when the machine is too busy.
        """
        try:
            with self._answering.needs("The decoder"), MEASURED_SECONDS.time():
                found = await self._measures.measure(body.content, user)
        except Rejected as error:
            raise _refused(body, error) from None
        duration_ms = found.duration_ms(headers.duration_ms)
        if duration_ms > CHUNK_DURATION_MS.most + BRIDGE_MS:
            raise _too_long()
        if not SESSION_MS.holds(headers.start_ms + duration_ms):
            raise beyond_session()
        media_type = MEDIA_TYPES.get(found.form, "application/octet-stream")
        return ChunkAudio(headers.seq, headers.start_ms, duration_ms, media_type)


def _refused(body: ChunkBody, error: Rejected) -> HttpProblem:
    """Damage is worth another try, and bytes that never were audio are not."""
    if hashlib.sha256(body.content).hexdigest() != body.sha256:
        return damaged()
    if isinstance(error, DecoderFailed):
        return decoder_failed()
    if error.reason is Reason.AUDIO_TOO_LONG:
        return _too_long()
    return undecodable(body.content)


def _too_long() -> HttpProblem:
    most_s = CHUNK_DURATION_MS.most // SECOND_MS
    return HttpProblem(
        422,
        "chunk-too-long",
        "Chunk too long",
        f"The audio of this file is longer than the {most_s} s that a chunk may have, whatever "
        "Lah-Duration-Ms says. Cut the recording into shorter files.",
    )
