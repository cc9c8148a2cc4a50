"""A fold that gives an event up tells those who wait for what follows from it."""

from typing import Any

import pytest

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse
from producers.gateway.rejections import REJECTIONS
from schemas import stage_kinds, stages, topics
from schemas.claim_events import ForgetRequested
from schemas.codec import decode, encode
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.rejections import Reason, Rejected
from schemas.session_events import SessionSealed, SpeakersConstrained, WorkFailed
from schemas.speech_events import SpeakersIdentified, WindowTranscribed
from schemas.word_events import WordsAttributed, WordsCounted
from streams.fold import Fold, Outputs, Run
from streams.host.batch import Decider
from streams.store import Store
from tests.golden import EXAMPLES, example_of

UNASKED = (ForgetRequested,)
"""Asked for by a stage, which looks by itself whether everything was let go."""

PLACES: dict[type[Event], tuple[stage_kinds.Fold, Topic]] = {
    SpeakersConstrained: (stages.ATTRIBUTION, topics.DECIDED),
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
    faults = given_up(*PLACES[kind], example_of(kind), run, topics.FAULTS)
    return [(one.stage, one.reason, one.window) for one in faults if isinstance(one, WorkFailed)]


def given_up(
    fold: stage_kinds.Fold, topic: Topic, event: Event, run: Run, said_on: Topic
) -> list[Event]:
    """All that the fold says on a topic when it gives the event up."""
    decider = Decider(
        Fold(fold, run),
        lambda _partition, _key: None,
        {},
        Letters(fold.name, lambda: 1),
        Fuse(fold.name, lambda _sessions: {}),
    )
    decided = decider.decide([Fetched(topic.name, 0, 0, b"s", encode(event))])
    return [decode(said_on, one.value) for one in decided.outputs if one.topic == said_on.name]


@pytest.mark.parametrize("kind", [SpeakersConstrained, SessionSealed, SpeakersIdentified])
def test_a_defect_of_a_fold_is_told_to_the_session(kind: type[Event]) -> None:
    assert told(kind) == [("attribution", Reason.FOLD_FAILED, None)]


def test_the_window_is_named() -> None:
    assert told(WordsAttributed, damaged) == [("tally", Reason.OBJECT_DAMAGED, 4)]
    assert told(WordsCounted) == [("credits", Reason.FOLD_FAILED, 4)]


def test_no_generation_waits_for_a_window_alone() -> None:
    assert told(WindowTranscribed) == []


ANSWERED_ON = {
    topics.INBOUND: (stages.SESSIONS, topics.DECIDED),
    topics.CLAIMS_REQUESTED: (stages.CREDITS, topics.CLAIMS_DECIDED),
    topics.GROUPS_REQUESTED: (stages.GROUPS, topics.GROUPS_DECIDED),
    topics.USERS_REQUESTED: (stages.USERS, topics.USERS_DECIDED),
}
"""The topics with requests, the fold that decides them, and where it answers."""
REQUESTS = [
    pytest.param(topic, event, id=type(event).__name__)
    for topic, event in EXAMPLES
    if topic in ANSWERED_ON and hasattr(event, "request_id") and type(event) not in UNASKED
]


@pytest.mark.parametrize(("topic", "request_"), REQUESTS)
def test_who_asked_is_told(topic: Topic, request_: Event) -> None:
    """Before, they waited for ever: a letter about a session tells its owner of no request."""
    fold, answers_on = ANSWERED_ON[topic]
    asked: Any = request_
    [answer] = map(any_of, given_up(fold, topic, request_, defective, answers_on))
    assert (answer.request_id, answer.reason) == (asked.request_id, Reason.FOLD_FAILED)
    assert answer.reason in REJECTIONS


def any_of(event: Event) -> Any:
    """The fields of an answer differ by its topic."""
    return event


def test_nobody_waits_for_what_nobody_asked() -> None:
    for kind in UNASKED:
        event = example_of(kind)
        assert (
            given_up(
                stages.CREDITS, topics.CLAIMS_REQUESTED, event, defective, topics.CLAIMS_DECIDED
            )
            == []
        )
