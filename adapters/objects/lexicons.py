"""Lexicons: the one in the package, and every published version in the object store.

A count names its lexicon's version, and a version never changes.
"""

import hashlib
from importlib.resources import files

from adapters.errors import PermanentError
from adapters.objects.store import BlobStore, put_by_digest
from schemas.dead_letters import Reason
from schemas.event import Pointer
from schemas.lexicon import Lexicon
from schemas.lexicon_checks import parse

PREFIX = "lexicons/"


def shipped_lexicon_bytes() -> bytes:
    """The file in the package, as it is."""
    return files("schemas").joinpath("lexicon.json").read_bytes()


def shipped_lexicon() -> Lexicon:
    """The lexicon of this release, parsed and checked. Reads a file: call it in a `main`."""
    return parse(shipped_lexicon_bytes())


class VersionTakenError(ValueError):
    """Another lexicon has this version already."""


class Lexicons:
    """Blocking; raises TransientError when the store is away."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def put(self, body: bytes) -> Lexicon:
        """Keep it under its version; again is no change. ValueError names what is wrong, VersionTakenError a second one."""
        lexicon = parse(body)
        held = self._blobs.keys(f"{_stem(lexicon.version)}-")
        if held and _sha256(held[0], lexicon.version) != hashlib.sha256(body).hexdigest():
            raise VersionTakenError(
                f"version {lexicon.version} is another lexicon already: give this one a version of its own"
            )
        put_by_digest(self._blobs, _stem(lexicon.version), ".json", body, "application/json")
        return lexicon

    def get(self, version: str) -> Lexicon:
        """PermanentError object_missing when no lexicon of this version was ever kept."""
        found = self._blobs.keys(f"{_stem(version)}-")
        if not found:
            raise PermanentError(Reason.OBJECT_MISSING, f"lexicon {version}")
        return parse(
            self._blobs.get(Pointer(key=found[0], sha256=_sha256(found[0], version), size=0))
        )


def _stem(version: str) -> str:
    return f"{PREFIX}{version}"


def _sha256(key: str, version: str) -> str:
    return key.removeprefix(f"{_stem(version)}-").removesuffix(".json")
