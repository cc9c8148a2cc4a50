"""Dead letters belong to a session, and one that was sent back is one no longer."""

from collections.abc import Sequence

import pytest

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.publisher import Outgoing
from consumers.dlq.letters import Letter, replay
from schemas import topics
from schemas.codec import decode, encode
from schemas.event import Event, SessionEvent
from schemas.letter_events import LetterWritten
from schemas.partitions import key_of
from schemas.rejections import Reason
from schemas.stage_names import StageName
from schemas.topics import Topic
from tests.golden import EXAMPLES, NAMES

LETTERS = Letters(StageName.SINK, lambda: 7)


def fetched(topic: Topic, event: Event) -> Fetched:
    return Fetched(topic.name, 2, 9, key_of(topic, event).encode(), encode(event))


def written(messages: Sequence[Outgoing]) -> LetterWritten:
    [found] = [decode(topics.LETTERS, m.value) for m in messages if m.topic == topics.LETTERS.name]
    assert isinstance(found, LetterWritten)
    return found


OTHERS = [(topic, event) for topic, event in EXAMPLES if topic is not topics.LETTERS]


@pytest.mark.parametrize(
    ("topic", "event"), OTHERS, ids=[name for name in NAMES if name != "LetterWritten"]
)
@pytest.mark.parametrize("is_decoded", [True, False])
def test_a_letter_says_whose_it_is(topic: Topic, event: Event, is_decoded: bool) -> None:
    source = fetched(topic, event)
    known = event if is_decoded else None
    found = written(LETTERS.about(source, known, Reason.STEP_FAILED, "KeyError"))
    session = event.session_id if isinstance(event, SessionEvent) else ""
    if is_decoded or topic.key[0] == "session_id" or not session:
        assert found.session_id == session
    assert (found.topic, found.partition, found.offset) == (topic.name, 2, 9)


def test_a_letter_about_a_letter_says_nothing_more() -> None:
    [(topic, event)] = [(t, e) for t, e in EXAMPLES if t is topics.LETTERS]
    messages = LETTERS.about(fetched(topic, event), event, Reason.ROW_REFUSED, "")
    assert [message.topic for message in messages] == [topics.LETTERS.dead_letters]


class Recorder:
    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.sent += messages


@pytest.mark.parametrize("name", ["WindowReady", "Tick", "ClaimRequested"])
def test_a_letter_that_is_sent_back_is_marked(name: str) -> None:
    [(topic, event)] = [(t, e) for t, e in EXAMPLES if type(e).__name__ == name]
    source = fetched(topic, event)
    before = written(LETTERS.about(source, event, Reason.STEP_FAILED, "KeyError"))
    letter = Letter(
        place=f"{topic.dead_letters}:0",
        topic=topic.name,
        source=f"{topic.name}:2:9",
        reason=before.reason,
        stage=before.stage,
        detail=before.detail,
        key=source.key,
        value=source.value,
    )
    recorder = Recorder()
    replay(letter, recorder, 8)
    after = written(recorder.sent)
    assert after.replayed
    place = ("session_id", "stage", "topic", "partition", "offset")
    assert [getattr(after, n) for n in place] == [getattr(before, n) for n in place]
