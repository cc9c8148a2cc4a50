"""The public keys of the identity server, and the claims of tokens that it signed with one."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import jwt

from adapters.http.problems import away

KEYS_S = 300.0
"""Age at which the keys are read again: a key that was taken out is good for so long."""
COOLDOWN_S = 30.0
"""Least time from one reading to the next, whatever tokens come: a key that was put in is known
by then. Anybody can make up a `kid`. PyJWT's client and jose wait for so long as well."""
AWAY_S = 5.0
"""Least time to the next try after a reading that failed."""
FETCH_S = 5.0
OF_ANOTHER_KEY = (jwt.InvalidSignatureError, jwt.InvalidKeyError, TypeError)
"""Errors of a key that did not sign the token. TypeError: it is for another algorithm."""
Read = Callable[[], jwt.PyJWKSet]
Do = Callable[[], None]


def reader(place: str) -> Read:
    """Reads a JWKS: a URL, or a file. Blocking; raises PyJWTError, OSError or ValueError."""
    if place.startswith("http"):
        client = jwt.PyJWKClient(place, cache_jwk_set=False, timeout=FETCH_S)
        return client.get_jwk_set
    return lambda: jwt.PyJWKSet.from_dict(json.loads(Path(place).read_text()))


def _beside(do: Do) -> None:
    threading.Thread(target=do, daemon=True, name="identity-keys").start()


class IdentityKeys:
    """Thread-safe. One thread at a time reads the keys, and nobody waits for it who has a key.

    While the identity server is away, the keys that are known stay good.
    """

    def __init__(
        self,
        read: Read,
        clock: Callable[[], float] = time.monotonic,
        beside: Callable[[Do], None] = _beside,
    ) -> None:
        """`beside` runs what its caller does not wait for."""
        self._read = read
        self._clock = clock
        self._beside = beside
        self._keys: Mapping[str | None, Sequence[Any]] = {}
        self._old_at = clock()
        self._next_at = clock()
        self._reading = threading.Lock()

    def claims(self, token: str, **checks: Any) -> dict[str, Any]:
        """The claims of a token that one of the keys signed. `checks` are those of `jwt.decode`.

        Blocks while keys are read. Raises KeyError when the token names no key that there is,
        PyJWTError, TypeError or ValueError when it is not valid, HttpProblem 503 when no key was
        ever read.
        """
        *others, last = self._named(jwt.get_unverified_header(token).get("kid"))
        for key in others:
            with suppress(*OF_ANOTHER_KEY):
                return jwt.decode(token, key, **checks)
        return jwt.decode(token, last, **checks)

    def _named(self, kid: str | None) -> Sequence[Any]:
        """The keys of this id. A token that names none was signed by one that has none."""
        if not self._keys:
            self._refresh(must_wait=True)
        elif kid is not None and kid not in self._keys:
            self._refresh()
        elif self._clock() >= max(self._old_at, self._next_at):
            self._beside(self._refresh)
        if not self._keys:
            raise away("The identity server")
        return self._keys[kid]

    def _refresh(self, *, must_wait: bool = False) -> None:
        if not self._reading.acquire(blocking=must_wait):
            return
        try:
            if self._clock() >= self._next_at:
                self._keys = _by_id(self._read())
                self._old_at = self._clock() + KEYS_S
                self._next_at = self._clock() + COOLDOWN_S
        except (jwt.PyJWTError, OSError, ValueError):
            self._next_at = self._clock() + AWAY_S
        finally:
            self._reading.release()


def _by_id(found: jwt.PyJWKSet) -> Mapping[str | None, Sequence[Any]]:
    """Pure: the keys that sign. The only one is that of tokens without an id too.

    OpenID Connect Core, section 10.1: an id may be left out where there is one key.
    """
    signing = [key for key in found.keys if key.public_key_use in (None, "sig")]
    keys = defaultdict(list)
    for key in signing:
        keys[key.key_id].append(key.key)
    if len(signing) == 1:
        keys[None] = [signing[0].key]
    return dict(keys)
