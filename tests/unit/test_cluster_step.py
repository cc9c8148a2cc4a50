"""The step of clustering: an object of turns and an event; failed windows are silent."""

import msgspec
import numpy as np

from adapters.objects.store import put_by_digest
from consumers.cluster.step import Cluster
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.voices.diarization import Voices
from schemas import topics
from schemas.codec import encode
from schemas.event import Event, Pointer
from schemas.ids import SessionId
from schemas.object_kinds import MANIFEST, VOICES
from schemas.objects import Turns, VoicesManifest
from schemas.rejections import Reason
from schemas.session_events import WorkFailed
from schemas.speech_events import (
    ProvisionalSpeakersIdentified,
    ProvisionalVoicesComplete,
    SpeakersIdentified,
    VoicesComplete,
)
from tests.fakes import OneClusterEach
from tests.memory_blob_store import MemoryBlobStore

SESSION = SessionId("s")


class Session:
    """The voices of a session in memory, and the step over them."""

    def __init__(self) -> None:
        self.blobs = MemoryBlobStore()
        self._step = Cluster(self.blobs, lambda: 1, OneClusterEach())

    def window(self, number: int, chunks: int) -> Pointer:
        """Voices of a window in which the first local speaker talks."""
        activity = np.zeros((chunks, 50, 2), np.float32)
        activity[:, :, 0] = 1
        voices = Voices(activity, np.zeros((chunks, 2, 2), np.float32))
        body = voices.to_bytes()
        return put_by_digest(self.blobs, VOICES, body, session_id=SESSION, window=number)

    def manifest(
        self, *windows: Pointer | None, first: int = 0, former: Pointer | None = None
    ) -> Pointer:
        manifest = VoicesManifest(
            total_ms=40_000, window_ms=20_000, voices=windows, former=former, first=first
        )
        body = encode(manifest)
        return put_by_digest(self.blobs, MANIFEST, body, session_id=SESSION, generation=1)

    def outcome(self, event: Event) -> Outcome:
        [outcome] = self._step.process([Record(topics.VOICES_COMPLETE, 0, 0, event)])
        return outcome

    def gave_up(self, event: Event) -> DeadLettered:
        return self._step.give_up(
            Record(topics.VOICES_COMPLETE, 0, 0, event), Reason.ATTEMPTS_EXHAUSTED, "3 attempts"
        )

    def answer(self, event: Event) -> Event:
        outcome = self.outcome(event)
        assert isinstance(outcome, Done)
        [(topic, answer)] = outcome.events
        assert topic is topics.IDENTIFIED
        return answer

    def identified(self, manifest: Pointer) -> tuple[SpeakersIdentified, Turns]:
        complete = VoicesComplete(
            occurred_at_ms=1, session_id=SESSION, generation=3, manifest=manifest, hint=None
        )
        answer = self.answer(complete)
        assert isinstance(answer, SpeakersIdentified)
        return answer, self.turns(answer.turns)

    def turns(self, pointer: Pointer) -> Turns:
        return msgspec.json.decode(self.blobs.get(pointer), type=Turns)


def test_turns_of_all_windows_are_one_object_that_the_event_points_to() -> None:
    session = Session()
    manifest = session.manifest(session.window(0, chunks=6), session.window(1, chunks=10))
    answer, turns = session.identified(manifest)
    assert answer.generation == 3
    assert [speaker.label for speaker in answer.speakers] == ["S1"]
    assert (turns.turns[0].start_ms, turns.turns[-1].end_ms) == (0, 32_000)


def test_a_late_clustering_of_a_former_generation_leaves_the_newer_one() -> None:
    session = Session()
    first = session.window(0, chunks=6)
    whole = session.manifest(first, session.window(1, chunks=10))
    newer = session.answer(
        VoicesComplete(
            occurred_at_ms=1, session_id=SESSION, generation=4, manifest=whole, hint=None
        )
    )
    assert isinstance(newer, SpeakersIdentified)
    before = session.turns(newer.turns)
    late, turns = session.identified(session.manifest(first))
    assert late.turns.key != newer.turns.key
    assert turns != before == session.turns(newer.turns)


def test_a_failed_window_is_silent_and_moves_nothing_after_it() -> None:
    session = Session()
    whole = session.manifest(None, session.window(1, chunks=10))
    _, turns = session.identified(whole)
    assert turns.turns[0].start_ms == 12_000  # six chunks of the grid end in the failed window


def test_no_window_has_voices() -> None:
    session = Session()
    answer, turns = session.identified(session.manifest(None, None))
    assert (answer.speakers, turns.turns) == ((), ())


def test_a_provisional_answer_counts_from_its_first_window() -> None:
    session = Session()
    manifest = session.manifest(session.window(1, chunks=10), first=1)
    asked = ProvisionalVoicesComplete(
        occurred_at_ms=1, session_id=SESSION, manifest=manifest, through=2
    )
    answer = session.answer(asked)
    assert isinstance(answer, ProvisionalSpeakersIdentified)
    turns = session.turns(answer.turns)
    assert (answer.through, turns.from_ms, turns.turns[0].start_ms) == (2, 12_000, 12_000)


def test_a_manifest_that_is_gone_is_dead_lettered() -> None:
    missing = Pointer(key="arrays/s/none", sha256="0" * 64, size=1)
    complete = VoicesComplete(
        occurred_at_ms=1, session_id=SESSION, generation=1, manifest=missing, hint=None
    )
    step = Cluster(MemoryBlobStore(), lambda: 1, OneClusterEach())
    [outcome] = step.process([Record(topics.VOICES_COMPLETE, 0, 0, complete)])
    assert isinstance(outcome, DeadLettered)
    assert outcome.reason == Reason.OBJECT_MISSING


def faults(session: Session, event: Event) -> list[tuple[Reason, int | None]]:
    """The reasons and windows that the session is told."""
    outcome = session.outcome(event)
    assert isinstance(outcome, DeadLettered)
    told = [fault for _, fault in outcome.events]
    return [(one.reason, one.window) for one in told if isinstance(one, WorkFailed)]


def complete(manifest: Pointer) -> VoicesComplete:
    return VoicesComplete(
        occurred_at_ms=1, session_id=SESSION, generation=3, manifest=manifest, hint=None
    )


def test_the_session_is_told_whose_voices_cannot_be_read() -> None:
    session = Session()
    windows = [session.window(number, chunks=number + 4) for number in range(4)]
    manifest = session.manifest(*windows)
    session.blobs.delete([windows[1].key])
    session.blobs.put(windows[3].key, b"{", "")
    assert [window for _, window in faults(session, complete(manifest))] == [1, 3]


def test_the_session_is_told_that_nobody_can_be_identified() -> None:
    session = Session()
    manifest = session.manifest(session.window(0, chunks=6))
    session.blobs.put(manifest.key, b"{", "")
    assert faults(session, complete(manifest)) == [(Reason.OBJECT_DAMAGED, None)]
    gave_up = session.gave_up(complete(manifest))
    assert [type(event) for _, event in gave_up.events] == [WorkFailed]


def test_nobody_waits_for_a_provisional_answer() -> None:
    session = Session()
    lost = Pointer(key="arrays/s/manifest-000001-gone.json", sha256="0", size=1)
    provisional = ProvisionalVoicesComplete(
        occurred_at_ms=1, session_id=SESSION, manifest=lost, through=2
    )
    assert faults(session, provisional) == []


def test_an_unclear_number_is_asked_unless_people_have_said_it() -> None:
    session = Session()
    manifest = session.manifest(session.window(0, chunks=6), session.window(1, chunks=10))
    answer, _ = session.identified(manifest)
    assert [hint.speakers for hint in answer.possible_hints] == [1, 2]
    told = VoicesComplete(
        occurred_at_ms=1, session_id=SESSION, generation=3, manifest=manifest, hint=2
    )
    answered = session.answer(told)
    assert isinstance(answered, SpeakersIdentified)
    assert answered.possible_hints == ()
