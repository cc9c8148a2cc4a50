"""Things by name that are made when somebody asks: a collection of tests needs their names."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TypeVar

T = TypeVar("T")


class MadeOnce(Mapping[str, T]):
    """The results of the functions `made`, by their names. Each is called at most once."""

    def __init__(self, made: Mapping[str, Callable[[], T]]) -> None:
        self._made = {name: cache(make) for name, make in made.items()}

    def __getitem__(self, name: str) -> T:
        return self._made[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
