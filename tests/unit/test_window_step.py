"""The step of windows: an object and a result for each, or a failure that somebody can name."""

from collections.abc import Sequence

from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.runtime.window_step import WindowStep
from schemas import topics
from schemas.ids import SessionId
from schemas.object_kinds import TRANSCRIBED_WORDS
from schemas.ranges import Ranges
from schemas.rejections import Reason, Rejected
from schemas.speech_events import WindowReady, WindowResult, WindowTranscribed
from tests.memory_blob_store import MemoryBlobStore

NOW_MS = 1_763_870_500_000
GAP = ((1_000, 2_000),)
UNREADABLE = 7
"""Number of the window whose audio cannot be had."""


class Lengths(WindowStep[int]):
    """Writes how long each window is. `batches` has the windows of each pass of its model."""

    name = "lengths"
    answers_on = topics.TRANSCRIBED
    result_type = WindowTranscribed
    kind = TRANSCRIBED_WORDS

    def __init__(self, blobs: MemoryBlobStore) -> None:
        super().__init__(blobs, lambda: NOW_MS, "ruler-1")
        self.batches: list[list[int]] = []

    def prepare(self, window: WindowReady) -> tuple[int, Ranges]:
        if window.window == UNREADABLE:
            raise Rejected(Reason.OBJECT_MISSING, "NoSuchKey")
        return window.end_ms - window.start_ms, GAP

    def work(self, ready: Sequence[int]) -> list[bytes]:
        self.batches.append(list(ready))
        return [str(length).encode() for length in ready]


def record(number: int, length_ms: int = 20_000, attempt: int = 1) -> Record:
    start_ms = number * 20_000
    window = WindowReady(
        occurred_at_ms=1,
        session_id=SessionId("s"),
        window=number,
        revision=2,
        start_ms=start_ms,
        end_ms=start_ms + length_ms,
        audio_from_ms=start_ms,
        session_end_ms=None,
        chunks=(),
    )
    return Record(topics.WINDOW_READY, 0, number, window, attempt)


def result_of(outcome: Outcome) -> WindowResult:
    assert isinstance(outcome, Done | DeadLettered)
    [(topic, event)] = outcome.events
    assert topic is topics.TRANSCRIBED
    assert isinstance(event, WindowTranscribed)
    return event


def test_a_window_gives_an_object_and_a_result_that_points_to_it() -> None:
    blobs = MemoryBlobStore()
    [outcome] = Lengths(blobs).process([record(3, length_ms=19_000)])
    assert isinstance(outcome, Done)
    result = result_of(outcome)
    assert result.result is not None
    assert blobs.get(result.result) == b"19000"
    assert (result.window, result.revision, result.model) == (3, 2, "ruler-1")
    assert (result.missing, result.failed, result.occurred_at_ms) == (GAP, None, NOW_MS)


def test_one_pass_over_all_windows_and_one_outcome_for_each_in_order() -> None:
    step = Lengths(MemoryBlobStore())
    outcomes = step.process([record(0), record(1, 5_000), record(2, 7_000)])
    assert step.batches == [[20_000, 5_000, 7_000]]
    assert [result_of(outcome).window for outcome in outcomes] == [0, 1, 2]


def test_a_window_that_cannot_be_prepared_is_named_missing_and_the_others_are_done() -> None:
    step = Lengths(MemoryBlobStore())
    before, failed, after = step.process([record(0), record(UNREADABLE), record(2)])
    assert isinstance(before, Done)
    assert isinstance(after, Done)
    assert isinstance(failed, DeadLettered)
    assert (failed.reason, failed.detail) == (Reason.OBJECT_MISSING, "NoSuchKey")
    result = result_of(failed)
    assert (result.result, result.failed) == (None, Reason.OBJECT_MISSING)
    assert result.missing == ((140_000, 160_000),)
    assert step.batches == [[20_000, 20_000]]


def test_a_window_that_killed_its_worker_is_given_up_as_missing_audio() -> None:
    outcome = Lengths(MemoryBlobStore()).give_up(record(1), Reason.ATTEMPTS_EXHAUSTED, "3 attempts")
    assert (outcome.reason, outcome.detail) == (Reason.ATTEMPTS_EXHAUSTED, "3 attempts")
    assert result_of(outcome).missing == ((20_000, 40_000),)


def test_a_window_that_is_done_twice_overwrites_nothing() -> None:
    blobs = MemoryBlobStore()
    step = Lengths(blobs)
    [first] = step.process([record(0)])
    [second] = step.process([record(0)])
    assert result_of(first).result == result_of(second).result
    assert len(blobs.contents()) == 1
