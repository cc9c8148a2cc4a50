"""One generation of voices -> one object of turns and one event."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from adapters.objects.store import BlobStore, put_by_digest
from adapters.process.clock import Clock
from consumers.cluster.constraints import clusters_wanted, merged, splits_of
from consumers.cluster.identification import joined, speakers, summaries
from consumers.cluster.provisional_turns import continued
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.voices.diarization import Grid, Voices
from schemas import topics
from schemas.codec import encode
from schemas.event import Pointer
from schemas.object_kinds import PROVISIONAL_TURNS, TURNS
from schemas.objects import Turns, VoicesManifest
from schemas.rejections import Reason, Rejected
from schemas.speech_events import (
    ProvisionalSpeakersIdentified,
    ProvisionalVoicesComplete,
    SpeakersIdentified,
    VoicesComplete,
)

READERS, KEPT = 8, 512
"""Objects read at a time, and kept for the next answer about the same session: 0.1 MB each."""


class Cluster:
    """No model runs here: a hint, a merge or a late chunk clusters again in the time that clustering takes."""

    name = "cluster"
    batch_size = 1
    counts_attempts = True

    def __init__(self, blobs: BlobStore, clock: Clock, pipeline: Any, grid: Grid) -> None:
        self._blobs, self._clock, self._pipeline, self._grid = blobs, clock, pipeline, grid
        self._readers, self._voices_of = ThreadPoolExecutor(READERS), lru_cache(KEPT)(self._fetched)

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking."""
        return [self._one(record) for record in records]

    def _one(self, record: Record) -> Outcome:
        asked = record.event
        assert isinstance(asked, VoicesComplete | ProvisionalVoicesComplete)
        try:
            manifest = msgspec.json.decode(self._blobs.get(asked.manifest), type=VoicesManifest)
            former = (
                msgspec.json.decode(self._blobs.get(manifest.former), type=Turns)
                if manifest.former
                else None
            )
            parts = self._voices(manifest)
        except Rejected as error:
            return DeadLettered(error.reason, error.detail)
        turns = self._turns(asked, manifest, former, joined(parts, self._grid))
        if isinstance(asked, ProvisionalVoicesComplete):
            return Done(
                (
                    (
                        topics.IDENTIFIED,
                        self._so_far(asked, continued(turns, former, self._from_ms(manifest))),
                    ),
                )
            )
        return Done(((topics.IDENTIFIED, self._identified(asked, turns)),))

    def _turns(
        self,
        asked: VoicesComplete | ProvisionalVoicesComplete,
        manifest: VoicesManifest,
        former: Turns | None,
        voices: Voices,
    ) -> Turns:
        hint = (
            clusters_wanted(asked.hint, manifest.constraints)
            if isinstance(asked, VoicesComplete)
            else None
        )
        splits = splits_of(manifest.constraints, former)
        found = speakers(self._pipeline, voices, self._grid, hint, former, splits)
        return merged(replace(found, splits=splits), manifest.constraints)

    def _from_ms(self, manifest: VoicesManifest) -> int:
        start = manifest.first * manifest.window_ms
        return self._grid.owned(start, start + manifest.window_ms, None).start * self._grid.step_ms

    def _voices(self, manifest: VoicesManifest) -> list[Voices]:
        heard = list(
            self._readers.map(
                lambda p: self._voices_of(p) if p is not None else None, manifest.voices
            )
        )
        template = next((v for v in heard if v is not None and len(v.segmentations)), None)
        return [
            v if v is not None else self._silence(manifest, n, template)
            for n, v in enumerate(heard)
        ]

    def _fetched(self, pointer: Pointer) -> Voices:
        return Voices.from_bytes(self._blobs.get(pointer))

    def _silence(self, manifest: VoicesManifest, window: int, template: Voices | None) -> Voices:
        # A failed window keeps its place on the grid, with nobody speaking, so that later turns do not move.
        if template is None:
            return Voices(np.zeros((0, 0, 0), np.float32), np.zeros((0, 0, 0), np.float32))
        start, is_last = (
            (manifest.first + window) * manifest.window_ms,
            window + 1 == len(manifest.voices),
        )
        owned = self._grid.owned(
            start, start + manifest.window_ms, manifest.total_ms if is_last else None
        )
        return Voices(
            np.zeros((len(owned), *template.segmentations.shape[1:]), np.float32),
            np.full((len(owned), *template.embeddings.shape[1:]), np.nan, np.float32),
        )

    def _identified(self, complete: VoicesComplete, turns: Turns) -> SpeakersIdentified:
        stored = put_by_digest(
            self._blobs,
            TURNS,
            encode(turns),
            session_id=complete.session_id,
            generation=complete.generation,
        )
        return SpeakersIdentified(
            occurred_at_ms=self._clock(),
            session_id=complete.session_id,
            generation=complete.generation,
            turns=stored,
            speakers=summaries(turns),
        )

    def _so_far(
        self, asked: ProvisionalVoicesComplete, turns: Turns
    ) -> ProvisionalSpeakersIdentified:
        stored = put_by_digest(
            self._blobs,
            PROVISIONAL_TURNS,
            encode(turns),
            session_id=asked.session_id,
            through=asked.through,
        )
        return ProvisionalSpeakersIdentified(
            occurred_at_ms=self._clock(),
            session_id=asked.session_id,
            turns=stored,
            speakers=summaries(turns),
            through=asked.through,
        )

    def give_up(self, record: Record) -> DeadLettered:
        """A clustering that kills its worker stays in the dead letters; the last complete generation stands."""
        return DeadLettered(Reason.ATTEMPTS_EXHAUSTED, f"{record.attempt - 1} attempts")
