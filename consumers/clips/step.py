"""Clips of a generation, cut from the uploaded chunks, written as FLAC under names that the api derives, too."""

from collections.abc import Sequence

import numpy as np

from adapters import media
from adapters.objects.store import BlobStore
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from schemas.audio import SAMPLE_RATE
from schemas.object_kinds import CLIP
from schemas.rejections import Reason
from schemas.speech_events import ClipsWanted


class Clips:
    """Names come from the generation, the speaker and the ordinal: doing it twice writes the same objects."""

    name = "clips"
    batch_size = 1
    counts_attempts = True

    def __init__(self, blobs: BlobStore, audio: WindowAudio) -> None:
        self._blobs, self._audio = blobs, audio

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking."""
        return [self._one(record) for record in records]

    def _one(self, record: Record) -> Outcome:
        wanted = record.event
        assert isinstance(wanted, ClipsWanted)
        for clip in wanted.clips:
            samples, _ = self._audio.load(wanted.session_id, clip.chunks, *clip.span)
            key = CLIP.key(
                session_id=wanted.session_id,
                generation=wanted.generation,
                speaker=clip.speaker,
                ordinal=clip.ordinal,
            )
            pcm = np.clip(np.round(samples * 32768), -32768, 32767).astype(np.int16)
            self._blobs.put(key, media.encode_flac(pcm, SAMPLE_RATE), CLIP.content_type)
        return Done()

    def give_up(self, record: Record) -> DeadLettered:
        """A session without clips is a session all the same."""
        return DeadLettered(Reason.ATTEMPTS_EXHAUSTED, f"{record.attempt - 1} attempts")
