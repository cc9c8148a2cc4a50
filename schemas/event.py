"""The shape every event shares: a tagged, versioned, frozen struct that refuses fields it does not know."""

from typing import Literal

import msgspec

from schemas.ids import EventId, SessionId


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=True,
):
    """One fact on a topic. `event_id` is derived from what the event is about; `occurred_at_ms` is Unix time."""

    event_id: EventId
    occurred_at_ms: int
    version: Literal[1] = 1


class SessionEvent(Event, frozen=True, kw_only=True):
    """A fact about one session; its topic is keyed by `session_id`."""

    session_id: SessionId


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value inside an event or object; never sent alone."""


class Pointer(Value, frozen=True, kw_only=True):
    """Claim check: where an object lies and the sha256 its reader must find."""

    key: str
    sha256: str
    size: int
