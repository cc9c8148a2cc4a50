"""Bytes <-> events. Refuses what it does not know, and says which of the five ways it was wrong."""

from functools import cache

import msgspec

from schemas.event import Event
from schemas.rejections import Reason, Rejected
from schemas.topics import BY_NAME, Topic


class _Head(msgspec.Struct):
    type: str
    version: int
    event_id: str = ""


@cache
def _types() -> dict[str, type[Event]]:
    return {kind.__name__: kind for topic in BY_NAME.values() for kind in topic.events}


_encoder = msgspec.json.Encoder(order="deterministic")


def encode(event: msgspec.Struct) -> bytes:
    """JSON with keys in one order: equal values give equal bytes."""
    return _encoder.encode(event)


def decode(topic: Topic, payload: bytes | None) -> Event:
    """The event in `payload`. Raises Rejected; never anything else."""
    try:
        head = msgspec.json.decode(payload or b"", type=_Head)
    except msgspec.ValidationError:
        raise Rejected(Reason.MALFORMED_EVENT, "no type or version") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Rejected(Reason.NOT_JSON, f"{len(payload or b'')} bytes") from None
    kind = _types().get(head.type)
    if kind is None:
        raise Rejected(Reason.UNKNOWN_EVENT, "no such event type")
    if kind not in topic.events:
        raise Rejected(Reason.WRONG_TOPIC, f"{kind.__name__} does not belong on {topic.name}")
    if head.version != 1:
        raise Rejected(Reason.UNKNOWN_VERSION, f"{kind.__name__} version {head.version}")
    if not head.event_id:
        raise Rejected(Reason.MALFORMED_EVENT, f"{kind.__name__}: no event_id")
    return _decode_as(kind, payload or b"")


def _decode_as(kind: type[Event], payload: bytes) -> Event:
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # msgspec names the field's path and the expected type, never the value.
        raise Rejected(Reason.MALFORMED_EVENT, f"{kind.__name__}: {error}") from None
