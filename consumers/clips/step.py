"""The step of `clips`: clips of a generation, cut from the uploaded chunks, stored as FLAC."""

from collections.abc import Sequence

from adapters import media
from adapters.objects.store import BlobStore
from consumers.audio.window_audio import WindowAudio
from consumers.clips.loudness import levelled
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from schemas.object_kinds import CLIP
from schemas.rejections import Reason
from schemas.speech_events import ClipsWanted


class Clips:
    """Writes clips under keys of generation, speaker and ordinal, which the api knows too.

    Repeatable: a second time writes the same objects.
    """

    name = "clips"
    batch_size = 1
    counts_attempts = True
    gather_s = 0.0

    def __init__(self, blobs: BlobStore, audio: WindowAudio) -> None:
        self._blobs = blobs
        self._audio = audio

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking: decodes the chunks of each clip."""
        return [self._one(record) for record in records]

    def _one(self, record: Record) -> Outcome:
        wanted = record.event
        assert isinstance(wanted, ClipsWanted)
        for clip in wanted.clips:
            samples, _ = self._audio.load(wanted.session_id, clip.chunks, *clip.span)
            if not len(samples):
                continue  # no file holds nothing: the encoder says that the memory is full
            key = CLIP.key(
                session_id=wanted.session_id,
                generation=wanted.generation,
                speaker=clip.speaker,
                ordinal=clip.ordinal,
            )
            body = media.encode_flac(media.pcm(levelled(samples)))
            self._blobs.put(key, body, CLIP.content_type)
        return Done()

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        """The session stays without these clips."""
        return DeadLettered(reason, detail)
