"""The requests that Idempotency-Keys were used for: a key belongs to one request.

The fold that decides a request remembers it too, for all gateways. It does not see requests about
something else: this gateway sees those that came to it, and the decisions of all.
"""

import hashlib
import json
import threading

from producers.gateway.kept_latest import KeptLatest
from schemas.ids import UserId

KEPT = 10_000
"""Keys of this process, as many as decisions."""


def fingerprint(user: UserId, method: str, path: str, body: bytes) -> str:
    """Equal for equal requests. The order and the spaces of a JSON body do not matter."""
    head = f"{user}\x1f{method}\x1f{path}\x1f"
    asked = head.encode() + _in_one_order(body)
    return hashlib.sha256(asked).hexdigest()


def _in_one_order(body: bytes) -> bytes:
    """A JSON body with its fields in order and without spaces; other bytes as they are."""
    try:
        value = json.loads(body)
        text = json.dumps(value, sort_keys=True)
    except (ValueError, RecursionError):
        return body
    return text.encode()


class RequestKeys:
    """Thread-safe; nothing blocks."""

    def __init__(self, most: int = KEPT) -> None:
        self._lock = threading.Lock()
        self._asked = KeptLatest[str, str](most)

    def belongs_to_another(self, key: str, asked: str) -> bool:
        """Whether the key was used for another request, as far as this process knows."""
        with self._lock:
            return self._asked.get(key) not in (None, asked)

    def take(self, key: str, asked: str) -> bool:
        """Note the request of a key. False, and nothing noted, when it belongs to another one."""
        with self._lock:
            before = self._asked.get(key)
            if before is None:
                self._asked.put(key, asked)
            return before in (None, asked)
