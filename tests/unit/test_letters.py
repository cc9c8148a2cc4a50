"""Dead letters belong to a session, and one that was sent back is one no longer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest
from confluent_kafka import KafkaError, Message, Producer, TopicPartition

from adapters.kafka.dead_letters import MOST_DETAIL, Letters
from adapters.kafka.fetched import Fetched, headers_of
from adapters.kafka.publisher import Outgoing, produce
from consumers.dlq import letters
from consumers.dlq.letters import Letter, replay
from schemas import topics
from schemas.codec import decode, encode
from schemas.event import Event, SessionEvent
from schemas.fact_sheet import Topic
from schemas.letter_events import LetterWritten
from schemas.partitions import key_of
from schemas.rejections import Header, Reason
from schemas.session_requests import ReplayRequested
from schemas.stage_names import StageName
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


@pytest.mark.parametrize("key", [b"../../x", b"\xff", b"a b", b"", "s\u202e".encode(), b"x" * 65])
def test_a_letter_about_a_key_that_is_no_id_names_no_session(key: bytes) -> None:
    """Before, the event that says so was itself a dead letter, of which nobody was told."""
    source = Fetched(topics.INBOUND.name, 2, 9, key, b"no event")
    assert written(LETTERS.about(source, None, Reason.NOT_JSON, "")).session_id == ""


@pytest.mark.parametrize(("key", "value"), [(b"s", b"x" * 999_800), (b"k" * 999_800, b"x")])
def test_a_letter_about_a_message_of_any_size_is_taken(key: bytes, value: bytes) -> None:
    """Before, the client refused it: each stage that read the message ended, at each start."""
    source = Fetched(topics.INBOUND.name, 2, 9, key, value)
    letter, _ = LETTERS.about(source, None, Reason.NOT_JSON, "x" * MOST_DETAIL)
    client = Producer({"bootstrap.servers": "127.0.0.1:1", "log_level": 0})
    produce(client, letter, None)
    assert letter.headers[Header.OFFSET] == "9"
    client.purge()


class Recorder:
    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.sent += messages


def letter_about(name: str) -> Letter:
    [(topic, event)] = [(t, e) for t, e in EXAMPLES if type(e).__name__ == name]
    source = fetched(topic, event)
    before = written(LETTERS.about(source, event, Reason.STEP_FAILED, "KeyError"))
    return Letter(
        place=f"{topic.dead_letters}:0",
        topic=topic.name,
        source=f"{topic.name}:2:9",
        reason=before.reason,
        stage=before.stage,
        detail=before.detail,
        key=source.key,
        value=source.value,
    )


def nothing_newer(_topic: Topic, _key: bytes | None) -> Sequence[bytes]:
    """Of topics without rows nobody asks. All of a session may have expired."""
    return []


@pytest.mark.parametrize("name", ["WindowReady", "Tick", "ClaimRequested"])
def test_a_letter_that_is_sent_back_is_marked(name: str) -> None:
    letter = letter_about(name)
    recorder = Recorder()
    assert replay(letter, recorder, nothing_newer, 8)
    assert len(recorder.sent) == 2
    after = written(recorder.sent)
    assert after.replayed
    assert after.session_id == letter.session
    assert f"{after.topic}:{after.partition}:{after.offset}" == letter.source
    assert (after.stage, after.reason) == (letter.stage, letter.reason)


def request_of(letter: Letter) -> str:
    recorder = Recorder()
    replay(letter, recorder, nothing_newer, 8)
    request = decode(topics.INBOUND, recorder.sent[0].value)
    assert isinstance(request, ReplayRequested)
    return request.request_id


def test_a_request_names_the_letter_and_not_its_place() -> None:
    """A restore gives letters other places: a request of before had the id of another letter."""
    letter = letter_about("WindowReady")
    moved = replace(letter, place="speech.window.ready.v1.dlq:7")
    in_its_place = replace(letter, source="speech.window.ready.v1:2:10")
    assert request_of(moved) == request_of(letter)
    assert request_of(in_its_place) != request_of(letter)
    assert request_of(replace(letter, stage=StageName.DIARIZE)) != request_of(letter)


@pytest.mark.parametrize(
    "odd",
    [
        {"source": "::", "topic": ""},
        {"topic": "fuses.v1"},
        {"source": "session.inbound.v1:2:x"},
        {"stage": "a stage of tomorrow"},
        {"reason": "a reason of tomorrow"},
    ],
)
def test_a_record_that_no_stage_wrote_is_listed_and_not_sent(odd: dict[str, Any]) -> None:
    """Before, one of them ended `lahstats dlq list`, or was sent back and then called rejected."""
    letter = replace(letter_about("Tick"), **odd)
    assert letter.session in {"", letter_about("Tick").session}
    recorder = Recorder()
    with pytest.raises(ValueError, match=r"no stage wrote|invalid literal|not a valid"):
        replay(letter, recorder, nothing_newer, 8)
    assert not recorder.sent


class Raw:
    """A message of the client with headers that are no text."""

    def headers(self) -> list[tuple[str, bytes | None]]:
        return [("lah-topic", b"\xff"), ("lah-offset", None)]


@pytest.mark.parametrize("about", ["Tick", "SessionListing", "WindowReady"])
@pytest.mark.parametrize("part", ["key", "value"])
def test_a_letter_without_a_part_of_its_original_is_not_sent(about: str, part: str) -> None:
    """A part was too large for a letter. A value without its key went to any partition."""
    letter = replace(letter_about(about), **cast(dict[str, Any], {part: None}))
    recorder = Recorder()
    with pytest.raises(ValueError, match=rf"no {part} to send: the original is at .*:2:9"):
        replay(letter, recorder, nothing_newer, 8)
    assert not recorder.sent


def test_headers_that_are_no_text_are_read() -> None:
    assert headers_of(cast(Message, Raw())) == {"lah-topic": "\ufffd", "lah-offset": ""}


class Log:
    """The parts of the client that a reader of a topic uses: two letters on one of the topics.

    The connection breaks between them, which the client says in place of a message.
    """

    topic = topics.INBOUND.dead_letters

    def __init__(self, _settings: object) -> None:
        self._queue: list[Message] = []

    def offsets_for_times(
        self, asked: list[TopicPartition], timeout: float
    ) -> list[TopicPartition]:
        return [
            TopicPartition(one.topic, 0, 2 if (one.topic, one.offset) == (self.topic, -1) else 0)
            for one in asked
        ]

    def assign(self, places: Sequence[TopicPartition]) -> None:
        broken = Message(topic="", error=KafkaError(KafkaError._TRANSPORT))
        letters = [Message(topic=self.topic, partition=0, offset=n, value=b"{}") for n in (0, 1)]
        self._queue = [letters[0], broken, letters[1]] if places else []

    def consume(self, most: int, timeout: float) -> list[Message]:
        found = self._queue[:most]
        self._queue = self._queue[most:]
        return found

    def unassign(self) -> None: ...

    def close(self) -> None: ...


def test_letters_behind_a_connection_that_broke_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, the list ended there: an audit then found chunks without a fate."""
    monkeypatch.setattr("adapters.kafka.partition_log.Consumer", Log)
    monkeypatch.setattr("adapters.kafka.asked_offsets.Consumer", Log)
    found = [letter.place for letter in letters.read("")]
    assert found == [f"{Log.topic}:0", f"{Log.topic}:1"]
