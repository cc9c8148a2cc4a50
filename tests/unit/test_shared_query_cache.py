"""Answers that are the same for everybody are asked for once; those of a user every time."""

from collections.abc import Mapping
from typing import Any

from adapters.warehouse import R, TypedRow
from api.shared_query_cache import SharedQueryCache


class Number(TypedRow, frozen=True):
    """The number of the query that made the row."""

    n: int


class CountingWarehouse:
    """Counts its queries; each answer is another."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: type[R]
    ) -> list[R]:
        self.asked.append((sql, dict(parameters or {})))
        return [row(len(self.asked))]


def test_only_what_is_shared_is_kept_and_by_its_own_parameters() -> None:
    behind = CountingWarehouse()
    cache = SharedQueryCache(behind, {"everyone": ("first",)})
    ann = {"user": "ann", "first": "1"}
    beng = {"user": "beng", "first": "1"}
    assert cache.query("everyone", ann, row=Number) == [Number(1)]
    assert cache.query("everyone", beng, row=Number) == [Number(1)]
    assert cache.query("everyone", {**ann, "first": "2"}, row=Number) == [Number(2)]
    assert cache.query("mine", ann, row=Number) == [Number(3)]
    assert cache.query("mine", ann, row=Number) == [Number(4)]
    assert behind.asked[0] == ("everyone", {"first": "1"})  # nobody's name goes along
