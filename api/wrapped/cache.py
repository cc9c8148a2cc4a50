"""A person's Wrapped as it was last made: made again when what was credited to the person changed, or after a minute."""

import hashlib
import json
import threading
from dataclasses import dataclass
from datetime import date
from typing import Any

from cachetools import TTLCache

from adapters.warehouse import Queries
from api.shared_query_cache import KEPT_S
from api.users.service import Users
from api.wrapped.queries import MARK
from schemas.ids import UserId

MOST = 1024
"""Answers kept, of some ten thousand bytes each."""


@dataclass(frozen=True)
class Answer:
    """What is sent, and the ETag made of it."""

    text: bytes
    tag: str


class Kept:
    """Asking whether a Wrapped changed is one question of the warehouse; making it is three and all the cards. Thread-safe, blocking.

    What the person said, and with whom, is always that of now: the caller sees its own write. Names and the snapshot may be `KEPT_S` old,
    and everybody's words, which are kept as long before they come here, twice that.
    """

    def __init__(self, warehouse: Queries, people: Users) -> None:
        self._warehouse, self._people = warehouse, people
        self._held: TTLCache[tuple[Any, ...], tuple[int, Answer]] = TTLCache(MOST, KEPT_S)
        self._lock = threading.Lock()

    def wrapped(self, user: UserId, period: str, first: date, last: date) -> Answer:
        """One person's period in cards, as JSON."""
        key = (user, period, first, last)
        with self._lock:
            held = self._held.get(key)
        if held and held[0] == self._warehouse.query(MARK, {"user": user})[0]["mark"]:
            return held[1]
        told, found = self._people.told(user, period, first, last)
        answer = _answer(found)
        with self._lock:
            self._held[key] = (told.mark, answer)
        return answer


def _answer(found: dict[str, Any]) -> Answer:
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(text, f'"{hashlib.sha256(text).hexdigest()[:32]}"')
