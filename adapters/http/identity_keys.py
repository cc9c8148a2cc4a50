"""The public keys of the identity server, by key id."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jwt

from adapters.http.problems import away

KEYS_S = 300.0
"""Age at which the keys are read again: a key that was taken out is good for so long."""
AGAIN_S = 5.0
"""Least time between two readings, whatever tokens come: a key that was put in is known by then."""
FETCH_S = 5.0
Read = Callable[[], jwt.PyJWKSet]


def reader(place: str) -> Read:
    """Reads a JWKS: a URL, or a file. Blocking; raises PyJWTError, OSError or ValueError."""
    if place.startswith("http"):
        client = jwt.PyJWKClient(place, cache_jwk_set=False, timeout=FETCH_S)
        return client.get_jwk_set
    return lambda: jwt.PyJWKSet.from_dict(json.loads(Path(place).read_text()))


class IdentityKeys:
    """Thread-safe. One thread at a time reads the keys, and nobody waits for it who has a key.

    While the identity server is away, the keys that are known stay good.
    """

    def __init__(self, read: Read, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._keys: Mapping[str, Any] = {}
        self._read_at = -KEYS_S
        self._tried_at = -AGAIN_S
        self._reading = threading.Lock()

    def key(self, kid: object) -> Any:
        """The key. Blocks while it is read.

        Raises KeyError when there is none of this id, HttpProblem 503 when no key was ever read.
        """
        if kid not in self._keys or self._clock() - self._read_at >= KEYS_S:
            self._refresh(must_wait=not self._keys)
        if not self._keys:
            raise away("The identity server")
        return self._keys[str(kid)]

    def _refresh(self, *, must_wait: bool) -> None:
        if not self._reading.acquire(blocking=must_wait):
            return
        try:
            if self._clock() - self._tried_at >= AGAIN_S:
                self._tried_at = self._clock()
                self._keys = {str(key.key_id): key.key for key in self._read().keys}
                self._read_at = self._clock()
        except (jwt.PyJWTError, OSError, ValueError):
            return
        finally:
            self._reading.release()
