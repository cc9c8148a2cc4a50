"""One generation of voices -> one object of turns and one event."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from adapters.clock import Clock
from adapters.errors import PermanentError
from adapters.object_store import BlobStore, pointer
from consumers.cluster.identifying import identify, joined, named, summaries
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.voices.listening import Grid, Voices
from schemas import topics
from schemas.codec import encode
from schemas.dead_letters import Reason
from schemas.event import Pointer
from schemas.ids import event_id
from schemas.objects import Turns, VoicesManifest
from schemas.speech_events import SpeakersIdentified, VoicesComplete


class Cluster:
    """No model runs here: a hint, a merge or a late chunk clusters again in the time that clustering takes."""

    name = "cluster"
    batch_size = 1

    def __init__(self, blobs: BlobStore, clock: Clock, pipeline: Any, grid: Grid) -> None:
        self._blobs, self._clock, self._pipeline, self._grid = blobs, clock, pipeline, grid

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking."""
        return [self._one(record) for record in records]

    def _one(self, record: Record) -> Outcome:
        complete = record.event
        assert isinstance(complete, VoicesComplete)
        try:
            manifest = msgspec.json.decode(self._blobs.get(complete.manifest), type=VoicesManifest)
            former = msgspec.json.decode(self._blobs.get(manifest.former), type=Turns) if manifest.former else None
            parts = [self._voices(manifest, n, p) for n, p in enumerate(manifest.voices)]
        except PermanentError as error:
            return DeadLettered(error.reason, error.detail)
        turns = named(identify(self._pipeline, joined(parts), self._grid, complete.hint), former)
        return Done(((topics.IDENTIFIED, self._identified(complete, turns)),))

    def _voices(self, manifest: VoicesManifest, window: int, found: Pointer | None) -> Voices:
        if found is not None:
            return Voices.from_bytes(self._blobs.get(found))
        return self._silence(manifest, window)

    def _silence(self, manifest: VoicesManifest, window: int) -> Voices:
        # A failed window keeps its place on the grid, with nobody speaking, so that later turns do not move.
        start = window * manifest.window_ms
        owned = self._grid.owned(start, min(start + manifest.window_ms, manifest.total_ms), manifest.total_ms)
        template = next((Voices.from_bytes(self._blobs.get(p)) for p in manifest.voices if p is not None and p.size), None)
        if template is None or not len(template.segmentations):
            return Voices(np.zeros((0, 0, 0), np.float32), np.zeros((0, 0, 0), np.float32))
        _, frames, speakers = template.segmentations.shape
        return Voices(
            np.zeros((len(owned), frames, speakers), np.float32),
            np.full((len(owned), *template.embeddings.shape[1:]), np.nan, np.float32),
        )

    def _identified(self, complete: VoicesComplete, turns: Turns) -> SpeakersIdentified:
        body = encode(turns)
        key = f"sessions/{complete.session_id}/turns/{complete.generation:06d}-{pointer('', body).sha256}.json"
        return SpeakersIdentified(
            event_id=event_id("SpeakersIdentified", complete.session_id, complete.generation),
            occurred_at_ms=self._clock(),
            session_id=complete.session_id,
            generation=complete.generation,
            final=complete.final,
            turns=self._blobs.put(key, body, "application/json"),
            speakers=summaries(turns),
        )

    def give_up(self, record: Record) -> DeadLettered:
        """A clustering that kills its worker stays in the dead letters; the last complete generation stands."""
        return DeadLettered(Reason.ATTEMPTS_EXHAUSTED, f"{record.attempt - 1} attempts")
