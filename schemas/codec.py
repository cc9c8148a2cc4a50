"""Bytes to events and back. Bytes that are not an event of their topic are rejected."""

from typing import TypeVar

import msgspec

from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.impossible import impossible
from schemas.rejections import Reason, Rejected
from schemas.topics import EVENT_TYPES

_encoder = msgspec.json.Encoder(order="deterministic")
NO_EVENT = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Errors of the decoder for bytes that it cannot read. RecursionError: objects within objects."""


Document = TypeVar("Document", bound=msgspec.Struct)


class _Head(msgspec.Struct):
    """The fields that decide how the rest is read. All other fields are ignored."""

    type: str
    version: int
    event_id: str = ""


def encode(event: msgspec.Struct) -> bytes:
    """Return JSON with sorted keys: equal values give equal bytes."""
    return _encoder.encode(event)


def decode(topic: Topic, payload: bytes | None) -> Event:
    """Return the event in `payload`. Raises Rejected, and nothing else."""
    body = payload or b""
    kind = _type_of(topic, _head(body))
    try:
        event = msgspec.json.decode(body, type=kind)
    except NO_EVENT as error:
        # msgspec names the field's path and the expected type, never the value.
        raise Rejected(Reason.MALFORMED_EVENT, f"{kind.__name__}: {error}") from None
    if why := impossible(event):
        raise Rejected(Reason.MALFORMED_EVENT, f"{kind.__name__}: {why}")
    return event


def document(body: bytes, kind: type[Document]) -> Document:
    """Return the document in the bytes of an object. Raises Rejected, and nothing else.

    Bytes with the right digest may be of another kind: whoever wrote them had a defect.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except NO_EVENT:
        raise Rejected(Reason.OBJECT_DAMAGED, f"no {kind.__name__}") from None


def _head(body: bytes) -> _Head:
    try:
        return msgspec.json.decode(body, type=_Head)
    except msgspec.ValidationError:
        raise Rejected(Reason.MALFORMED_EVENT, "no type or version") from None
    except NO_EVENT:
        raise Rejected(Reason.NOT_JSON, f"{len(body)} bytes") from None


def _type_of(topic: Topic, head: _Head) -> type[Event]:
    kind = EVENT_TYPES.get(head.type)
    if kind is None:
        raise Rejected(Reason.UNKNOWN_EVENT, "no such event type")
    name = kind.__name__
    if kind not in topic.events:
        raise Rejected(Reason.WRONG_TOPIC, f"{name} does not belong on {topic.name}")
    if head.version != 1:
        raise Rejected(Reason.UNKNOWN_VERSION, f"{name} version {head.version}")
    if not head.event_id:
        raise Rejected(Reason.MALFORMED_EVENT, f"{name}: no event_id")
    return kind
