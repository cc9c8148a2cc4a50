"""Every kind of object in the object store. No other module forms a key.

A kind says how its keys look, whose the object is, and what removes it. The prefixes that go with
a session and with its text follow from that.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from schemas.ids import SessionId

JSON = "application/json"
SHA256 = "[0-9a-f]{64}"
"""The form of a digest in a key."""


class Owner(StrEnum):
    """The owner of an object."""

    SESSION = "session"
    NOBODY = "nobody"


class Removal(StrEnum):
    """The events that remove an object."""

    ERASURE = "erasure of its session"
    EXPIRY = "expiry of the session's text, or erasure of the session"
    AGE = "its age: `schemas/retention.py` says how long it is kept"
    NEVER = "nothing"


@dataclass(frozen=True)
class ObjectKind:
    """`template` is a key with its variable parts in braces.

    A session's key is `root/{session_id}/name`. With `{sha256}` in its name an object is never
    overwritten by other bytes.
    """

    template: str
    owner: Owner
    removed_by: Removal
    content_type: str

    @property
    def goes_with_session(self) -> bool:
        """Whether the erasure of its session removes it."""
        removals = (Removal.ERASURE, Removal.EXPIRY)
        return self.owner is Owner.SESSION and self.removed_by in removals

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the variable parts, in order."""
        parts = Formatter().parse(self.template)
        return tuple(name for _, name, _, _ in parts if name)

    def key(self, **values: str | int) -> str:
        """The key of one object. KeyError when a part is not given."""
        return self.template.format(**values)

    def before(self, field: str, **values: str | int) -> str:
        """The key up to `field`: prefix of all objects that differ in `field` and later parts."""
        head = re.split(rf"\{{{field}\b", self.template)[0]
        return head.format(**values)

    def root(self, session_id: SessionId) -> str:
        """Prefix of all objects of one session that share this kind's first folder."""
        first, _, _ = self.template.partition("/")
        return f"{first}/{session_id}/"

    def folder(self, session_id: SessionId) -> str:
        """Prefix of this kind's objects of one session, with the slash."""
        head, _, _ = self.template.rpartition("/")
        return f"{head}/".format(session_id=session_id)

    def digest(self, key: str, **values: str | int) -> str | None:
        """The sha256 that `key` names; None when `key` is not of this kind with these values."""
        prefix = self.before("sha256", **values)
        _, _, suffix = self.template.partition("{sha256}")
        pattern = f"{re.escape(prefix)}({SHA256}){re.escape(suffix)}"
        found = re.fullmatch(pattern, key)
        return found.group(1) if found else None

    def matches(self, key: str) -> bool:
        """Whether `key` looks like a key of this kind."""
        return self._pattern().fullmatch(key) is not None

    def _pattern(self) -> re.Pattern[str]:
        pattern = ""
        for literal, name, width, _ in Formatter().parse(self.template):
            pattern += re.escape(literal)
            if name == "sha256":
                pattern += SHA256
            elif name:
                pattern += r"\d{6,}" if width else "[^/]+"
        return re.compile(pattern)


CHUNK = ObjectKind(
    "audio/{session_id}/{seq:06d}-{sha256}", Owner.SESSION, Removal.ERASURE, "audio/*"
)
"""A chunk's bytes as the phone sent them, of the type that it named."""
CLIP = ObjectKind(
    "clips/{session_id}/{generation:06d}-{speaker}-{ordinal}.flac",
    Owner.SESSION,
    Removal.ERASURE,
    "audio/flac",
)
"""A few seconds of one speaker. No digest: the api forms the key without asking."""
VOICES = ObjectKind(
    "arrays/{session_id}/{window:06d}-{sha256}.npz",
    Owner.SESSION,
    Removal.ERASURE,
    "application/octet-stream",
)
"""Activity and embeddings of one window."""
MANIFEST = ObjectKind(
    "arrays/{session_id}/manifest-{generation:06d}-{sha256}.json",
    Owner.SESSION,
    Removal.ERASURE,
    JSON,
)
"""`VoicesManifest`: the input of one clustering."""
PROVISIONAL_MANIFEST = ObjectKind(
    "arrays/{session_id}/provisional-{through:06d}-{sha256}.json",
    Owner.SESSION,
    Removal.ERASURE,
    JSON,
)
"""The same while the phone still records."""
TURNS = ObjectKind(
    "sessions/{session_id}/turns/{generation:06d}-{sha256}.json",
    Owner.SESSION,
    Removal.ERASURE,
    JSON,
)
"""`Turns` of one generation."""
PROVISIONAL_TURNS = ObjectKind(
    "sessions/{session_id}/turns/provisional-{through:06d}-{sha256}.json",
    Owner.SESSION,
    Removal.ERASURE,
    JSON,
)
"""The same while the phone still records."""
TRANSCRIBED_WORDS = ObjectKind(
    "sessions/{session_id}/words/transcribed-{window:06d}-{sha256}.json",
    Owner.SESSION,
    Removal.EXPIRY,
    JSON,
)
"""The words of one window, before anybody knows their speakers."""
ATTRIBUTED_WORDS = ObjectKind(
    "sessions/{session_id}/words/attributed-{window:06d}-{sha256}.json",
    Owner.SESSION,
    Removal.EXPIRY,
    JSON,
)
"""`AttributedWords` of one window."""
PROVISIONAL_WORDS = ObjectKind(
    "sessions/{session_id}/words/provisional-{window:06d}-{sha256}.json",
    Owner.SESSION,
    Removal.EXPIRY,
    JSON,
)
"""The same while the phone still records."""
ERASURE_MARKER = ObjectKind("erased/{session_id}/marker", Owner.SESSION, Removal.AGE, "text/plain")
"""Says that the session is erased: nobody writes anything of it from now on. Empty."""
EXPIRY_MARKER = ObjectKind(
    "expired/{session_id}/marker", Owner.SESSION, Removal.ERASURE, "text/plain"
)
"""Says that the session's text was removed, as its owner chose. Empty."""
LEXICON = ObjectKind("lexicons/{version}-{sha256}.json", Owner.NOBODY, Removal.NEVER, JSON)
"""Every lexicon that ever counted: a count names its version."""
WRITE_PROBE = ObjectKind("probes/{host}", Owner.NOBODY, Removal.NEVER, "text/plain")
"""Some bytes that a gateway writes again and again, to know whether the store takes any."""

KINDS = tuple(value for value in dict(globals()).values() if isinstance(value, ObjectKind))
"""In the order of this file."""


def kind_of(key: str) -> ObjectKind | None:
    """The kind that `key` is of; None for a key that nobody declared."""
    return next((kind for kind in KINDS if kind.matches(key)), None)


def erased_prefixes(session_id: SessionId) -> tuple[str, ...]:
    """Prefixes that hold every object of a session that its erasure removes."""
    erased = [kind for kind in KINDS if kind.goes_with_session]
    distinct = dict.fromkeys(kind.root(session_id) for kind in erased)
    return tuple(distinct)


def expired_prefixes(session_id: SessionId) -> tuple[str, ...]:
    """Prefixes that hold the text of a session."""
    text = [kind for kind in KINDS if kind.removed_by is Removal.EXPIRY]
    distinct = dict.fromkeys(kind.folder(session_id) for kind in text)
    return tuple(distinct)
