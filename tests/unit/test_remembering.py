"""Answers that are everybody's are asked for once; those of a person every time."""

from collections.abc import Mapping
from typing import Any

from api.shared_query_cache import Remembering


class Asked:
    """Counts what it is asked; each answer is another."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        self.asked.append((sql, dict(parameters or {})))
        return [{"n": len(self.asked)}]


def test_only_what_is_shared_is_kept_and_by_its_own_parameters() -> None:
    behind = Asked()
    asking = Remembering(behind, {"everyone": ("first",)})
    ann, beng = {"user": "ann", "first": "1"}, {"user": "beng", "first": "1"}
    assert asking.query("everyone", ann) == asking.query("everyone", beng) == [{"n": 1}]
    assert asking.query("everyone", {**ann, "first": "2"}) == [{"n": 2}]
    assert [asking.query("mine", ann), asking.query("mine", ann)] == [[{"n": 3}], [{"n": 4}]]
    assert behind.asked[0] == ("everyone", {"first": "1"})  # nobody's name goes along
