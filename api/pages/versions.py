"""The version of all files of the pages: a part of their addresses that follows from their bytes.

A page names modules, styles and texts by addresses of one version, and so do those. So no page
mixes old and new ones: a server of another version has nothing at these addresses.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from api.pages.files import FILES, FOLDERS

TOGETHER = (".css", ".js", ".json", ".ogg")
"""Kinds of files that fit each other. Letters and icons stay where they are at each version."""
PLACE = "/files/"
FOR_EVER = "public, max-age=31536000, immutable"
"""Cache-Control of a file of a version: no other bytes are ever there."""
_NAMED = re.compile(rf'"((?:{"|".join(FOLDERS)})/[^"/]+)"')


def version() -> str:
    """The version that is served now: 16 hexadecimal digits, others once a file has changed."""
    return _version(tuple(path.stat().st_mtime_ns for path in FILES.values()))


@lru_cache(1)
def _version(_changed_ns: tuple[int, ...]) -> str:
    return version_of((address, FILES[address].read_bytes()) for address in sorted(FILES))


def version_of(files: Iterable[tuple[str, bytes]]) -> str:
    """Pure: the version of files, each an address and its bytes. Their order counts."""
    found = hashlib.sha256()
    for address, body in files:
        found.update(hashlib.sha256(address.encode()).digest() + hashlib.sha256(body).digest())
    return found.hexdigest()[:16]


def addressed(text: str, at: str) -> str:
    """Pure: a file of a page, in which each file that it names has its address of version `at`."""

    def place(named: re.Match[str]) -> str:
        address = named[1]
        is_versioned = address in FILES and address.endswith(TOGETHER)
        return f'"{PLACE}{at}{address}"' if is_versioned else named[0]

    return _NAMED.sub(place, text)


def has_addresses(path: Path) -> bool:
    """Whether a file may name others."""
    return path.suffix in {".css", ".html", ".js"}
