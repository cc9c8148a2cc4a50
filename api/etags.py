"""Pure: entity tags of answers (RFC 9110, section 8.8.3)."""

import hashlib
import re

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def etag_of(body: bytes) -> str:
    """A strong tag: equal for equal bytes, 32 hexadecimal digits in quotes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def version_of(text: str) -> str:
    """A part of an address that is another one for another text."""
    return etag_of(text.encode())[1:17]


def is_current(if_none_match: str, etag: str) -> bool:
    """Whether the caller has what `etag` names, by the header's weak comparison.

    A proxy that compresses makes tags weak (`W/"…"`), and clients may send a list of tags or `*`.
    """
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in _TAG.findall(if_none_match)
