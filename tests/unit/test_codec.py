"""Bytes that are no event are rejected with the reason."""

import json

import pytest

from schemas import topics
from schemas.codec import decode, encode
from schemas.ids import SessionId, UserId
from schemas.phone_events import SessionEnded
from schemas.rejections import Reason, Rejected

EVENT = SessionEnded(occurred_at_ms=1, session_id=SessionId("s"), owner=UserId("u"), chunks=3)


def test_round_trip() -> None:
    assert decode(topics.INBOUND, encode(EVENT)) == EVENT


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 2}, Reason.UNKNOWN_VERSION),
        ({"type": "Nonsense"}, Reason.UNKNOWN_EVENT),
        ({"type": "WordsCounted"}, Reason.WRONG_TOPIC),
        ({"surprise": 1}, Reason.MALFORMED_EVENT),
        ({"chunks": "three"}, Reason.MALFORMED_EVENT),
        ({"chunks": 4}, Reason.MALFORMED_EVENT),
        ({"event_id": "e"}, Reason.MALFORMED_EVENT),
        ({"event_id": ""}, Reason.MALFORMED_EVENT),
    ],
)
def test_refusals(change: dict[str, object], reason: Reason) -> None:
    with pytest.raises(Rejected) as caught:
        decode(topics.INBOUND, json.dumps({**json.loads(encode(EVENT)), **change}).encode())
    assert caught.value.reason is reason


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff\xfe", None])
def test_not_json(payload: bytes | None) -> None:
    with pytest.raises(Rejected) as caught:
        decode(topics.INBOUND, payload)
    assert caught.value.reason is Reason.NOT_JSON


def test_an_event_without_an_id_is_refused() -> None:
    document = json.loads(encode(EVENT))
    del document["event_id"]
    with pytest.raises(Rejected, match="no event_id"):
        decode(topics.INBOUND, json.dumps(document).encode())


DEEP = 50_000
"""Lists or objects within one another: more than any stack has."""


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"type":"Tick","a":', b'{"version":'])
def test_json_of_any_depth_is_no_event(opening: bytes) -> None:
    """Before, the decoder's RecursionError ended every stage that read the message."""
    with pytest.raises(Rejected):
        decode(topics.INBOUND, opening * DEEP)


def test_an_event_with_a_field_of_any_depth_is_refused() -> None:
    head, _ = encode(EVENT).rsplit(b"}", 1)
    with pytest.raises(Rejected) as caught:
        decode(topics.INBOUND, head + b',"surprise":' + b'{"a":' * DEEP)
    assert caught.value.reason is Reason.NOT_JSON
