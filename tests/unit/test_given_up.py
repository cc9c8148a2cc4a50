"""The session is told of every event that a fold gave up and that its generation waits for."""

import pytest

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse
from schemas import stage_kinds, stages, topics
from schemas.codec import decode, encode
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.rejections import Reason, Rejected
from schemas.session_events import SessionSealed, WorkFailed
from schemas.speech_events import SpeakersIdentified, WindowTranscribed
from schemas.word_events import WordsAttributed, WordsCounted
from streams.fold import Fold, Outputs, Run
from streams.host.batch import Decider
from streams.store import Store
from tests.golden import example_of

PLACES: dict[type[Event], tuple[stage_kinds.Fold, Topic]] = {
    SessionSealed: (stages.ATTRIBUTION, topics.DECIDED),
    SpeakersIdentified: (stages.ATTRIBUTION, topics.IDENTIFIED),
    WordsAttributed: (stages.TALLY, topics.ATTRIBUTED),
    WordsCounted: (stages.CREDITS, topics.COUNTED),
    WindowTranscribed: (stages.ATTRIBUTION, topics.TRANSCRIBED),
}


def defective(_store: Store, _event: Event) -> Outputs:
    raise ZeroDivisionError


def damaged(_store: Store, _event: Event) -> Outputs:
    raise Rejected(Reason.OBJECT_DAMAGED, "digest differs")


def told(kind: type[Event], run: Run = defective) -> list[tuple[str, Reason, int | None]]:
    """The stage that tells the session of an example, its reason, and the window."""
    fold, topic = PLACES[kind]
    event = example_of(kind)
    decider = Decider(
        Fold(fold, run),
        lambda _partition, _key: None,
        {},
        Letters(fold.name, lambda: 1),
        Fuse(fold.name, lambda _sessions: {}),
    )
    decided = decider.decide([Fetched(topic.name, 0, 0, b"s", encode(event))])
    faults = [sent for sent in decided.outputs if sent.topic == topics.FAULTS.name]
    found = [decode(topics.FAULTS, fault.value) for fault in faults]
    return [(one.stage, one.reason, one.window) for one in found if isinstance(one, WorkFailed)]


@pytest.mark.parametrize("kind", [SessionSealed, SpeakersIdentified])
def test_a_defect_of_a_fold_is_told_to_the_session(kind: type[Event]) -> None:
    assert told(kind) == [("attribution", Reason.FOLD_FAILED, None)]


def test_the_window_is_named() -> None:
    assert told(WordsAttributed, damaged) == [("tally", Reason.OBJECT_DAMAGED, 4)]
    assert told(WordsCounted) == [("credits", Reason.FOLD_FAILED, 4)]


def test_no_generation_waits_for_a_window_alone() -> None:
    assert told(WindowTranscribed) == []
