"""Lexicons: the one in the package, and every published version in the object store.

A count names its lexicon's version, and a version never changes.
"""

import hashlib
from importlib.resources import files

from adapters.objects.store import BlobStore, put_by_digest
from schemas.event import Pointer
from schemas.lexicon import Lexicon
from schemas.lexicon_checks import parse
from schemas.object_kinds import LEXICON
from schemas.rejections import Reason, Rejected


def shipped_lexicon_bytes() -> bytes:
    """The file in the package, as it is."""
    return files("schemas").joinpath("lexicon.json").read_bytes()


def shipped_lexicon() -> Lexicon:
    """The lexicon of this release, parsed and checked. Reads a file: call it in a `main`."""
    return parse(shipped_lexicon_bytes())


class VersionTakenError(ValueError):
    """Another lexicon has this version already."""


class Lexicons:
    """The published lexicons by version. Blocking; raises TransientError when the store is away."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def put(self, body: bytes) -> Lexicon:
        """Publish a lexicon under its version. Repeatable.

        Raises ValueError for a file that is no lexicon; it names the mistake. Raises
        VersionTakenError when the version is another lexicon's.
        """
        lexicon = parse(body)
        stored = self._digest(lexicon.version)
        if stored not in (None, hashlib.sha256(body).hexdigest()):
            raise VersionTakenError(
                f"version {lexicon.version} is another lexicon already: "
                "give this one a version of its own"
            )
        put_by_digest(self._blobs, LEXICON, body, version=lexicon.version)
        return lexicon

    def get(self, version: str) -> Lexicon:
        """The lexicon of a version.

        Raises Rejected: object_missing when nobody published it, object_damaged when it is none.
        """
        digest = self._digest(version)
        if digest is None:
            raise Rejected(Reason.OBJECT_MISSING, f"lexicon {version}")
        key = LEXICON.key(version=version, sha256=digest)
        body = self._blobs.get(Pointer(key=key, sha256=digest, size=0))
        try:
            return parse(body)
        except ValueError:
            raise Rejected(Reason.OBJECT_DAMAGED, f"no lexicon {version}") from None

    def _digest(self, version: str) -> str | None:
        keys = self._blobs.keys(LEXICON.before("sha256", version=version))
        for key in keys:
            digest = LEXICON.digest(key, version=version)
            if digest is not None:
                return digest
        return None
