"""The step of `cluster`: the voices of one generation become one object of turns and one event."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar
from zipfile import BadZipFile

from msgspec.structs import replace

from adapters.objects.store import BlobStore, put_by_digest
from adapters.process.clock import Clock
from consumers.cluster.clips import choose_clips
from consumers.cluster.constraints import (
    clusters_wanted,
    labels_now,
    splits_of,
    without_undone,
)
from consumers.cluster.faults import given_up
from consumers.cluster.identification import joined, of_this_model, speakers
from consumers.cluster.kept_voices import kept_labels, with_kept
from consumers.cluster.levels import faint
from consumers.cluster.possible_hints import possible_hints
from consumers.cluster.provisional_turns import continued
from consumers.cluster.turns import summarise
from consumers.cluster.utterance_voices import utterance_voices
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.voices.clustering import Clustering
from consumers.voices.diarization import Voices
from schemas import topics
from schemas.codec import document, encode
from schemas.event import Pointer
from schemas.object_kinds import PROVISIONAL_TURNS, TURNS, ObjectKind
from schemas.objects import Turns, VoicesManifest
from schemas.rejections import Reason, Rejected
from schemas.speech_events import (
    PossibleHint,
    ProvisionalSpeakersIdentified,
    ProvisionalVoicesComplete,
    SpeakersIdentified,
    VoicesComplete,
)

Document = TypeVar("Document", VoicesManifest, Turns)
NO_ARRAYS = (ValueError, KeyError, EOFError, OSError, BadZipFile)
"""Errors of numpy for bytes with the right digest that are no arrays of ours."""
READERS = 8
"""Objects that are read at the same time."""
CACHED_OBJECTS = 512
"""Objects that stay in memory for the next answer about the same session: 0.1 MB each."""


class Cluster:
    """Clusters a session's voices. No model runs here.

    A hint, a merge or a late chunk therefore costs only the time that clustering takes.
    """

    name = "cluster"
    batch_size = 1
    counts_attempts = True
    gather_s = 0.0

    def __init__(self, blobs: BlobStore, clock: Clock, clustering: Clustering) -> None:
        self._blobs = blobs
        self._clock = clock
        self._clustering = clustering
        self._readers = ThreadPoolExecutor(READERS)
        self._voices_at = lru_cache(CACHED_OBJECTS)(self._fetched_voices)

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking, seconds for a session of an hour."""
        return [self._one(record) for record in records]

    def _one(self, record: Record) -> Outcome:
        event = record.event
        assert isinstance(event, VoicesComplete | ProvisionalVoicesComplete)
        manifest: VoicesManifest | None = None
        try:
            manifest = self._fetched(event.manifest, VoicesManifest)
            former = self._fetched(manifest.former, Turns) if manifest.former else None
            parts = self._voices(manifest)
        except Rejected as error:
            lost = self._unreadable(manifest) if manifest else []
            return given_up(event, error.reason, error.detail, lost)
        voices = joined(parts, self._clustering.grid)
        former = of_this_model(former, voices) if former else None
        if isinstance(event, ProvisionalVoicesComplete):
            provisional = self._provisional(event, manifest, voices, former)
            return Done(((topics.IDENTIFIED, provisional),))
        identified = self._identified(event, manifest, voices, former)
        return Done(((topics.IDENTIFIED, identified),))

    def _turns(
        self, manifest: VoicesManifest, voices: Voices, former: Turns | None, hint: int | None
    ) -> Turns:
        """Turns that obey the constraints of the manifest, and keep the voices of `former`."""
        constraints = manifest.constraints
        clusters = clusters_wanted(hint, constraints)
        kept = kept_labels(former, hint, constraints)
        if former is not None:
            former = without_undone(former, constraints)
        splits = splits_of(constraints, former)
        found = speakers(self._clustering, voices, clusters, former, splits, kept)
        obedient = replace(found, splits=splits, hint=hint, constraints=constraints)
        return with_kept(obedient, former, kept, constraints)

    def _possible_hints(
        self, complete: VoicesComplete, manifest: VoicesManifest, voices: Voices
    ) -> tuple[PossibleHint, ...]:
        """Nothing is asked that people have said already, by a hint, a merge or a split."""
        if complete.hint is not None or manifest.constraints:
            return ()
        return possible_hints(self._clustering.possible_speakers(voices))

    def _from_ms(self, manifest: VoicesManifest) -> int:
        """Start of the manifest's first chunk on the session's timeline."""
        grid = self._clustering.grid
        start_ms = manifest.first * manifest.window_ms
        return grid.start_ms(grid.owned(start_ms, start_ms + manifest.window_ms, None))

    def _fetched(self, pointer: Pointer, kind: type[Document]) -> Document:
        return document(self._blobs.get(pointer), kind)

    def _fetched_voices(self, pointer: Pointer) -> Voices:
        body = self._blobs.get(pointer)
        try:
            return Voices.from_bytes(body)
        except NO_ARRAYS:
            raise Rejected(Reason.OBJECT_DAMAGED, "no voices") from None

    def _voices_or_none(self, pointer: Pointer | None) -> Voices | None:
        return self._voices_at(pointer) if pointer is not None else None

    def _voices(self, manifest: VoicesManifest) -> list[Voices]:
        """The voices of each window, in order."""
        found = list(self._readers.map(self._voices_or_none, manifest.voices))
        spoken = (voices for voices in found if voices is not None and len(voices.segmentations))
        example = next(spoken, None)
        return [
            voices if voices is not None else self._silence(manifest, n, example)
            for n, voices in enumerate(found)
        ]

    def _unreadable(self, manifest: VoicesManifest) -> list[int]:
        """The windows whose voices cannot be read."""
        lost: list[int] = []
        for window, pointer in enumerate(manifest.voices, manifest.first):
            try:
                self._voices_or_none(pointer)
            except Rejected:
                lost.append(window)
        return lost

    def _silence(self, manifest: VoicesManifest, n: int, example: Voices | None) -> Voices:
        """Stands for the n-th window of the manifest, which failed: nobody speaks.

        It keeps the window's place on the grid, so that later turns do not move. `example` gives
        the shapes of the other windows' arrays.
        """
        if example is None:
            return Voices.silence()
        start_ms = (manifest.first + n) * manifest.window_ms
        end_ms = start_ms + manifest.window_ms
        is_last = n + 1 == len(manifest.voices)
        session_end_ms = manifest.total_ms if is_last else None
        owned = self._clustering.grid.owned(start_ms, end_ms, session_end_ms)
        _, frames, local_speakers = example.segmentations.shape
        dimension = example.embeddings.shape[-1]
        return Voices.silence(len(owned), frames, local_speakers, dimension)

    def _identified(
        self,
        complete: VoicesComplete,
        manifest: VoicesManifest,
        voices: Voices,
        former: Turns | None,
    ) -> SpeakersIdentified:
        turns = self._turns(manifest, voices, former, complete.hint)
        nearest = utterance_voices(voices.utterances, turns.voiceprints)
        utterances = nearest.under(labels_now(manifest.constraints))
        stored = self._stored(
            TURNS, turns, session_id=complete.session_id, generation=complete.generation
        )
        return SpeakersIdentified(
            occurred_at_ms=self._clock(),
            session_id=complete.session_id,
            generation=complete.generation,
            turns=stored,
            speakers=summarise(turns, choose_clips(turns, utterances)),
            possible_hints=self._possible_hints(complete, manifest, voices),
            faint=faint(utterances, turns.turns),
        )

    def _provisional(
        self,
        complete: ProvisionalVoicesComplete,
        manifest: VoicesManifest,
        voices: Voices,
        former: Turns | None,
    ) -> ProvisionalSpeakersIdentified:
        now = speakers(self._clustering, voices, former=former)
        turns = continued(now, former, self._from_ms(manifest))
        stored = self._stored(
            PROVISIONAL_TURNS, turns, session_id=complete.session_id, through=complete.through
        )
        return ProvisionalSpeakersIdentified(
            occurred_at_ms=self._clock(),
            session_id=complete.session_id,
            turns=stored,
            speakers=summarise(turns, clips={}),
            through=complete.through,
        )

    def _stored(self, kind: ObjectKind, turns: Turns, **values: str | int) -> Pointer:
        return put_by_digest(self._blobs, kind, encode(turns), **values)

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        """The last complete generation stays."""
        return given_up(record.event, reason, detail, lost=[])
