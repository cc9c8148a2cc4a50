"""The shape of every event: a frozen struct whose id follows from its identity."""

from operator import attrgetter
from typing import Any, Literal, dataclass_transform

import msgspec
from msgspec.structs import force_setattr

from schemas.ids import EventId, SessionId, derived_id


class EventType(msgspec.StructMeta):
    """Class of the event classes. `identity=` names the fields that an event is about.

    A dot leads into a field's value: "words.sha256". A subclass inherits its parent's identity.
    Raises TypeError, at import, for a class without an identity and for a field that is not there.
    Base classes that are never sent declare `identity=()`.
    """

    identity: tuple[str, ...]

    def __new__(  # noqa: PYI034 - Self is not allowed in a metaclass
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        /,
        *,
        identity: tuple[str, ...] | None = None,
        **options: Any,
    ) -> "EventType":
        """Make the class frozen and keyword-only, and check its identity."""
        options = {"frozen": True, "kw_only": True, **options}
        kind = super().__new__(cls, name, bases, namespace, **options)
        if identity is not None:
            kind.identity = identity
        elif not kind.identity:
            raise TypeError(f"{name} declares no identity")
        for path in kind.identity:
            if path.partition(".")[0] not in kind.__struct_fields__:
                raise TypeError(f"{name} has no field {path}")
        return kind


def _filled_in(*, init: Literal[False] = False) -> Any:  # noqa: ARG001 - read by type checkers
    """Return a field that is no argument of the constructor. `__post_init__` fills it in."""
    return msgspec.field(default="")


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field, _filled_in)
)
class Event(
    msgspec.Struct,
    metaclass=EventType,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=True,
    identity=(),
):
    """One fact on a topic. Equal facts have equal ids: `event_id` is the UUIDv5 of the identity.

    `occurred_at_ms` is Unix time. Unknown fields are rejected.
    """

    event_id: EventId = _filled_in()
    occurred_at_ms: int
    version: Literal[1] = 1

    def __post_init__(self) -> None:
        """Fill the id in. Raises ValueError for an id that does not follow from the identity.

        To change a field of the identity with `replace`, set `event_id=""` as well.
        """
        kind = type(self)
        values = [attrgetter(path)(self) for path in kind.identity]
        derived = EventId(derived_id(kind.__name__, *values))
        if not self.event_id:
            force_setattr(self, "event_id", derived)
        elif self.event_id != derived:
            raise ValueError("event_id does not follow from the identity")


class SessionEvent(Event, identity=()):
    """A fact about one session. Its topic is keyed by `session_id`."""

    session_id: SessionId


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value inside an event or an object. It is never sent alone."""


class Pointer(Value, frozen=True, kw_only=True):
    """An object's key, its size in bytes, and the sha256 that its reader must find."""

    key: str
    sha256: str
    size: int
