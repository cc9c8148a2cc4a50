"""Bytes that are no event become a dead letter with its reason, in folds and consumers.

The worker lives on.
"""

import json

import pytest

from adapters.kafka.publisher import KafkaPublisher, Outgoing
from consumers.dlq.letters import read
from deploy.devstack.running_stack import RunningStack
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from schemas import topics
from schemas.codec import encode
from schemas.ids import SessionId, UserId
from schemas.phone_events import SessionEnded
from schemas.session_events import Tick

BUSY_S = 300.0
"""A worker may have windows of other tests before the message."""


def tick(session_id: str) -> bytes:
    event = Tick(occurred_at_ms=1, session_id=SessionId(session_id), now_ms=1)
    return json.dumps(json.loads(encode(event))).encode()


def ended(session_id: str) -> bytes:
    event = SessionEnded(
        occurred_at_ms=1, session_id=SessionId(session_id), owner=UserId("nobody"), chunks=1
    )
    return encode(event)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\x00 not json", "not_json"),
        (b"[1]", "malformed_event"),
        (b'{"type": "Tick", "version": 9}', "unknown_version"),
        (b'{"type": "Surprise", "version": 1}', "unknown_event"),
        (tick("s").replace(b'"now_ms": 1', b'"now_ms": 1, "extra": 2'), "malformed_event"),
        (tick("s").replace(b'"now_ms": 1', b'"now_ms": "one"'), "malformed_event"),
        (None, "not_json"),
        (ended(new_session_id()), "unknown_session"),
    ],
)
def test_an_event_that_is_none_becomes_a_dead_letter_and_the_fold_lives_on(
    stack: RunningStack, value: bytes | None, reason: str
) -> None:
    key = new_session_id().encode()
    publisher = KafkaPublisher(stack.settings.kafka, timeout_s=60)
    publisher.publish([Outgoing(topics.INBOUND.name, key, value)])
    publisher.close()
    letter = until(
        lambda: next((x for x in read(stack.settings.kafka) if x.key == key), None),
        lambda found: found is not None,
        BUSY_S,
    )
    assert letter is not None
    assert (letter.reason, letter.stage, letter.topic, letter.value) == (
        reason,
        "sessions",
        topics.INBOUND.name,
        value,
    )


def test_the_same_in_a_consumer_group(stack: RunningStack) -> None:
    key = new_session_id().encode()
    publisher = KafkaPublisher(stack.settings.kafka, timeout_s=60)
    publisher.publish(
        [Outgoing(topics.WINDOW_READY.name, key, b"{"), Outgoing(topics.COUNTED.name, key, b"{}")]
    )
    publisher.close()
    wanted = {"transcribe", "diarize", "sink", "tally", "credits", "sessions"}
    until(
        lambda: {x.stage for x in read(stack.settings.kafka) if x.key == key},
        lambda found: found >= wanted - {"tally"},
        BUSY_S,
    )
