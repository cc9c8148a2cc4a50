"""The bytes of page files as they are sent. Each version of a file is read and compressed once."""

import gzip
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from api.etags import etag_of
from api.pages.versions import addressed, has_addresses

PACKED = {".css", ".html", ".js", ".json", ".svg", ".ttf", ".webmanifest"}
"""Kinds of files that get smaller. Pictures and audio are compressed already."""
GZIP = re.compile(r"(?:^|[,\s])gzip(?!-)(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
"""Not where the caller says of it that it is worth nothing."""
LEVEL = 6
MOST = 512
"""Versions that are kept: more than there are files, in both encodings, at both addresses."""


@dataclass(frozen=True)
class Contents:
    """One encoding of one file. `encoding` is empty for the file as it is."""

    body: bytes
    encoding: str
    etag: str


def contents(path: Path, accepted: str, version: str = "") -> Contents:
    """The file for a caller who accepts these encodings. A changed file is read again.

    With a `version`, the files that it names have their addresses of that version.
    """
    encoding = "gzip" if path.suffix in PACKED and GZIP.search(accepted) else ""
    return _read(path, encoding, version, path.stat().st_mtime_ns)


@lru_cache(MOST)
def _read(path: Path, encoding: str, version: str, _changed_ns: int) -> Contents:
    body = path.read_bytes()
    if version and has_addresses(path):
        body = addressed(body.decode(), version).encode()
    if encoding:
        body = gzip.compress(body, LEVEL, mtime=0)
    return Contents(body, encoding, etag_of(body))
