"""Answers that are made once, kept for a while, and shared by those who ask meanwhile."""

import threading
from collections.abc import Callable, Hashable, MutableMapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class KeptAnswers(Generic[T]):
    """A cache in front of something that costs. Thread-safe, blocking.

    Callers who ask for the same at a time get one answer, or one error. Errors are not kept.
    """

    def __init__(self, cache: MutableMapping[Any, Any]) -> None:
        """`cache` says how many answers are kept, and for how long."""
        self._cache = cache
        self._lock = threading.Lock()
        self._made: dict[Hashable, Future[T]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer that is kept, or that is being made, or else that of `make`."""
        with self._lock:
            # Asked once: an answer may get too old between two questions.
            with suppress(KeyError):
                return cast(T, self._cache[key])
            asked = self._made.get(key)
            if asked is None:
                own: Future[T] = Future()
                self._made[key] = own
        if asked is not None:
            return asked.result()
        return self._answer(key, make, own)

    def _answer(self, key: Hashable, make: Callable[[], T], own: Future[T]) -> T:
        try:
            answer = make()
        except BaseException as error:
            own.set_exception(error)
            self._keep(key)
            raise
        self._keep(key, answer)
        own.set_result(answer)
        return answer

    def _keep(self, key: Hashable, *answer: T) -> None:
        with self._lock:
            del self._made[key]
            for one in answer:
                self._cache[key] = one
