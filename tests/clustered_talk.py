"""A talk whose clusterings are told to it, generation by generation; the step is the product's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from adapters.objects.store import put_by_digest
from consumers.cluster.step import Cluster
from consumers.runtime.outcome import Done, Record
from consumers.voices.clustering import NOBODY, Clustered, ClusterTurn
from consumers.voices.diarization import Voices
from consumers.voices.utterances import NONE, Utterances
from schemas import topics
from schemas.codec import document, encode
from schemas.event import Pointer
from schemas.ids import SessionId
from schemas.object_kinds import MANIFEST, VOICES
from schemas.objects import Turns, VoicesManifest
from schemas.session_events import Constraint
from schemas.speech_events import SpeakersIdentified, VoicesComplete
from tests.fakes import OneClusterEach
from tests.memory_blob_store import MemoryBlobStore

SESSION = SessionId("s")
SLOT_MS = 1_000
ANN = (1.0, 0.0, 0.0)
BEN = (0.0, 1.0, 0.0)
CAT = (0.0, 0.0, 1.0)
Said = Sequence[str | None]
Sounds = Mapping[str, tuple[float, ...]]
SOUNDS = {"a": ANN, "b": BEN, "c": CAT}


def clustered(said: Said, sounds: Sounds = SOUNDS, heard: Said | None = None) -> Clustered:
    """One cluster for each letter; a letter speaks in each slot that has it.

    `heard`: who else speaks in a slot.
    """
    names = sorted({name for name in [*said, *(heard or ())] if name is not None})
    if not names:
        return NOBODY
    exclusive = _turns(said, names)
    others = _turns(heard or (), names)
    centroids = np.array([sounds[name] for name in names])
    return Clustered(tuple(sorted({*exclusive, *others})), exclusive, centroids)


def _turns(said: Said, names: list[str]) -> tuple[ClusterTurn, ...]:
    return tuple(
        ClusterTurn(slot * SLOT_MS, (slot + 1) * SLOT_MS, names.index(name))
        for slot, name in enumerate(said)
        if name is not None
    )


class Scripted(OneClusterEach):
    """A clustering that says what it is told."""

    def __init__(self) -> None:
        self.says = NOBODY

    def cluster(
        self,
        voices: Voices,
        speakers: int | None = None,
        splits: Sequence[Sequence[float]] = (),
    ) -> Clustered:
        """As it is told."""
        return self.says

    def possible_speakers(self, voices: Voices) -> dict[int, float]:
        """Nothing is asked."""
        return {}


@dataclass
class Talk:
    """The step of clustering over one session; each generation follows the one before."""

    blobs: MemoryBlobStore = field(default_factory=MemoryBlobStore)
    clustering: Scripted = field(default_factory=Scripted)
    former: Pointer | None = None
    number: int = 0

    def generation(
        self,
        says: Clustered,
        hint: int | None = None,
        constraints: Sequence[Constraint] = (),
        utterances: Utterances = NONE,
    ) -> Turns:
        """The turns of the next generation."""
        self.number += 1
        self.clustering.says = says
        manifest = VoicesManifest(
            total_ms=60_000,
            window_ms=60_000,
            voices=(self._window(utterances),),
            former=self.former,
            constraints=tuple(constraints),
        )
        names: dict[str, str | int] = {"session_id": SESSION, "generation": self.number}
        asked = VoicesComplete(
            occurred_at_ms=1,
            manifest=put_by_digest(self.blobs, MANIFEST, encode(manifest), **names),
            hint=hint,
            session_id=SESSION,
            generation=self.number,
        )
        step = Cluster(self.blobs, lambda: 1, self.clustering)
        [outcome] = step.process([Record(topics.VOICES_COMPLETE, 0, 0, asked)])
        assert isinstance(outcome, Done)
        [(_, answer)] = outcome.events
        assert isinstance(answer, SpeakersIdentified)
        self.former = answer.turns
        turns = document(self.blobs.get(answer.turns), Turns)
        assert {one.label for one in answer.speakers} == {one.speaker for one in turns.turns}
        return turns

    def _window(self, utterances: Utterances) -> Pointer:
        activity = np.ones((26, 50, 1), np.float32)
        body = Voices(activity, np.ones((26, 1, 3), np.float32), utterances).to_bytes()
        return put_by_digest(self.blobs, VOICES, body, session_id=SESSION, window=0)


def by_slot(turns: Turns) -> dict[int, str]:
    """The speaker of each slot."""
    return {
        start // SLOT_MS: turn.speaker
        for turn in turns.exclusive
        for start in range(turn.start_ms, turn.end_ms, SLOT_MS)
    }


def order(turns: Turns) -> str:
    """The numbers of the labels, slot by slot."""
    return " ".join(label for _, label in sorted(by_slot(turns).items()))
