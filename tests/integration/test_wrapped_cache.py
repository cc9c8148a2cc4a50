"""A cached Wrapped equals one made anew, whatever the sink has written since."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.warehouse import R, Warehouse
from api.date_range import DateRange
from api.wrapped.cache import WrappedCache
from api.wrapped.service import WrappedStories
from schemas.ids import UserId
from tests.reference.history import Recorded, Utterance
from tests.reference.strategies import USERS, histories
from tests.reference.telling import put_all, rows, tell

YEAR = DateRange(date(2028, 1, 1), date(2028, 12, 31))
JUNE_MS = 1_844_078_400_000
OF_OTHERS = {"percentile", "signature"}
"""Cards in which something is not the person's own words: they may be a minute old."""


class Asked:
    """The warehouse, and how often it was asked."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self.times = 0

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: type[R]
    ) -> list[R]:
        self.times += 1
        return self._warehouse.query(sql, parameters, row=row)


def own(found: dict[str, Any]) -> dict[str, Any]:
    return {name: card for name, card in found["cards"].items() if name not in OF_OTHERS}


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories(), st.lists(st.integers(0, 60), max_size=5).map(sorted))
def test_what_is_kept_is_what_would_be_made_anew(
    warehouse: Warehouse, sessions: list[Recorded], cuts: list[int]
) -> None:
    tell(warehouse, [])
    stories = WrappedStories(warehouse)
    cache = WrappedCache(warehouse, stories)
    written = [row for session in sessions for row in rows(session)]
    for begin, end in zip([0, *cuts], [*cuts, len(written)], strict=True):
        put_all(warehouse, written[begin:end])
        for user in map(UserId, USERS):
            cached = json.loads(cache.wrapped(user, "x", YEAR).body)
            anew = stories.story(user, "x", YEAR).model_dump(mode="json", by_alias=True)
            assert own(cached) == own(anew)


def test_what_did_not_change_costs_one_question(warehouse: Warehouse) -> None:
    said = (Utterance("S1", "lah", 0), Utterance("S2", "leh", 5_000))
    both = (("S1", "ann"), ("S2", "ann"))
    tell(
        warehouse,
        [
            Recorded(
                f"0198-{n}",
                JUNE_MS,
                "UTC",
                9_000,
                {"S1": 1, "S2": 1},
                {"S1": 1, "S2": 1},
                said,
                both,
            )
            for n in range(3)
        ],
    )
    asked = Asked(warehouse)
    cache = WrappedCache(asked, WrappedStories(asked))
    first = cache.wrapped(UserId("ann"), "x", YEAR)
    assert json.loads(first.body)["cards"]["totals"]["counts"] == 6
    before = asked.times
    assert cache.wrapped(UserId("ann"), "x", YEAR) is first
    assert asked.times == before + 1
    assert cache.wrapped(UserId("ann"), "y", YEAR) is not first  # another period is another answer
