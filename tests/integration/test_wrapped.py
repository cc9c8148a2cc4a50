"""Every field of a Wrapped on the real engine equals a second implementation in plain Python."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.warehouse import Warehouse
from api.date_range import DateRange
from api.groups import queries as groups
from api.groups.rows import GroupTotalsRow
from api.period_totals import TotalsRow
from api.users import queries as users
from api.wrapped.models import LEAST_COUNTS
from api.wrapped.service import WrappedStories
from consumers.rollup.cohorts import Cohorts
from schemas.days import unix_ms_of
from schemas.ids import UserId
from tests.reference.history import Recorded, Utterance
from tests.reference.strategies import USERS, WORDS, histories
from tests.reference.telling import put, rows, tell, tell_more
from tests.reference.wrapped import Reference

TODAY = date(2028, 3, 15)


def wrapped(warehouse: Warehouse, user: str, first: date, last: date) -> dict[str, Any]:
    story = WrappedStories(warehouse).story(UserId(user), "x", DateRange(first, last))
    return story.model_dump(mode="json", by_alias=True)


def compared(
    warehouse: Warehouse, sessions: list[Recorded], user: str, first: date, last: date
) -> None:
    found = wrapped(warehouse, user, first, last)["cards"]
    for row in found["top_words"]["top"]:
        del row["emoji"]
    for companion in found["company"]:
        del companion["name"]
    wanted = Reference(sessions, user, first, last).cards()
    assert {name: found[name] for name in wanted} == wanted
    assert set(found) == set(wanted)


def a_day_of(day: int, people: int, counts: dict[str, int]) -> list[Recorded]:
    """Sessions of a day in March, one for each person, who all say the same."""
    start = unix_ms_of(datetime(2028, 3, day, 4, tzinfo=UTC))
    words = [word for word, count in counts.items() for _ in range(count)]
    return [
        Recorded(
            session_id=f"0199-{day}-{n}",
            start_ms=start + n * 3_600_000,
            zone="Asia/Singapore",
            length_ms=900_000,
            talk_ms={"S1": 60_000},
            spoken={"S1": 90},
            said=tuple(Utterance("S1", word, m * 1000) for m, word in enumerate(words)),
            claims=(("S1", f"u{n}"),),
        )
        for n in range(people)
    ]


MARCH = (date(2028, 3, 1), date(2028, 3, 31))


def test_a_signature_tells_nothing_of_a_day_of_four(warehouse: Warehouse) -> None:
    """Less one's own words, the words of four would be those of three, and of two those of one."""
    for people in (2, 4):
        tell(warehouse, a_day_of(1, people, {"lah": 4, "lor": 1}))
        assert wrapped(warehouse, "u0", *MARCH)["cards"]["signature"] is None
    five = a_day_of(1, 5, {"lah": 4, "lor": 1})
    tell(warehouse, five)
    compared(warehouse, five, "u0", *MARCH)
    with_five = wrapped(warehouse, "u0", *MARCH)["cards"]["signature"]
    assert with_five is not None
    two_more = [*five, *a_day_of(2, 2, {"lah": 90, "lor": 70})[1:]]
    tell(warehouse, two_more)
    assert wrapped(warehouse, "u0", *MARCH)["cards"]["signature"] == with_five


def test_two_looks_do_not_tell_what_one_person_said(warehouse: Warehouse) -> None:
    six = a_day_of(1, 6, {"lah": 4, "lor": 1})
    tell(warehouse, six)
    before = wrapped(warehouse, "u0", *MARCH)["cards"]["signature"]
    extra = a_day_of(1, 8, {"lor": 40})[6:]
    tell_more(warehouse, extra)
    assert wrapped(warehouse, "u0", *MARCH)["cards"]["signature"] == before


def test_the_signature_of_many(warehouse: Warehouse) -> None:
    sessions = [
        *a_day_of(1, 6, {"lah": 4, "lor": 1, "sia": 3}),
        *a_day_of(2, 3, {"lah": 9}),
        *a_day_of(3, 7, {"sia": 5, "lor": 2}),
    ]
    tell(warehouse, sessions)
    for user in ("u0", "u2", "u6"):
        compared(warehouse, sessions, user, *MARCH)


def test_talk_without_a_recognised_word_is_a_talk_on_every_page(warehouse: Warehouse) -> None:
    """Before, the story had one talk on one day, and the numbers behind the first page none."""
    (loud,) = a_day_of(1, 1, {})
    quiet = replace(loud, spoken={"S1": 0})
    tell(warehouse, [quiet])
    listed = {"group_id": "g", "session_id": quiet.session_id, "gone": 0, "version": 1}
    put(warehouse, "group_sessions", {**listed, "recorded_at": quiet.start_ms})
    told = wrapped(warehouse, "u0", *MARCH)["cards"]["totals"]
    asked = {"user": "u0", "group_id": "g", **DateRange(*MARCH).parameters()}
    own = warehouse.query(users.TOTALS, asked, row=TotalsRow)[0]
    ours = warehouse.query(groups.TOTALS, asked, row=GroupTotalsRow)[0]
    assert (told["sessions"], told["active_days"], told["talk_s"]) == (1, 1, 60.0)
    assert (own.sessions, own.days, own.talk_s) == (1, 1, 60.0)
    assert (ours.sessions, ours.days, ours.people, ours.talk_s) == (1, 1, 1, 60.0)


PERIODS = [
    (date(2028, 1, 1), date(2028, 12, 31)),
    (date(2028, 2, 1), date(2028, 2, 29)),
    (date(2028, 3, 13), date(2028, 3, 19)),
    (date(2027, 6, 1), date(2028, 3, 12)),
]


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories(), st.sampled_from(USERS), st.sampled_from(PERIODS))
def test_every_card_is_what_the_reference_says(
    warehouse: Warehouse, sessions: list[Recorded], user: str, period: tuple[date, date]
) -> None:
    tell(warehouse, sessions)
    compared(warehouse, sessions, user, *period)


def test_the_percentile_of_a_cohort_of_thirty(warehouse: Warehouse) -> None:
    start = unix_ms_of(datetime(2028, 3, 1, tzinfo=UTC))
    counts = [1, 1, 1, 2, 2, 3, *range(3, 27)]
    sessions = [
        Recorded(
            session_id=f"0198-{n}",
            start_ms=start + n * 3_600_000,
            zone="Asia/Singapore",
            length_ms=900_000,
            talk_ms={"S1": 60_000},
            spoken={"S1": 90},
            said=tuple(Utterance("S1", WORDS[m % 12], m * 1000) for m in range(count)),
            claims=(("S1", f"u{n:02d}"),),
        )
        for n, count in enumerate(counts)
    ]
    tell(warehouse, sessions)
    now = unix_ms_of(datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC))
    Cohorts(warehouse, lambda: now, "UTC").renew()
    year = (date(2028, 1, 1), date(2028, 12, 31))
    for user in ("u00", "u04", "u29"):
        compared(warehouse, sessions, user, *year)
    assert wrapped(warehouse, "u29", *year)["cards"]["percentile"] == {
        "percentile": 100.0,
        "people": 30,
    }


def test_a_snapshot_stands_until_a_day_and_five_people_later(warehouse: Warehouse) -> None:
    def told(people: int) -> None:
        start = unix_ms_of(datetime(2028, 3, 1, tzinfo=UTC))
        said = (Utterance("S1", "lah", 0),)
        tell_more = [
            Recorded(
                f"0199-{n}", start, "UTC", 9_000, {"S1": 1}, {"S1": 1}, said, (("S1", f"p{n}"),)
            )
            for n in range(people)
        ]
        for table, row in (found for session in tell_more for found in rows(session)):
            put(warehouse, table, row)

    def people() -> int:
        found = warehouse.query(
            "SELECT arraySum(people) AS n FROM cohorts FINAL "
            "WHERE first = '2028-01-01' AND last = '2028-12-31'"
        )
        return int(found[0]["n"]) if found else 0

    tell(warehouse, [])
    day = 24 * 3_600_000
    now = unix_ms_of(datetime(2028, 3, 15, tzinfo=UTC))
    told(4)
    Cohorts(warehouse, lambda: now, "UTC").renew()
    assert people() == 0
    told(20)
    Cohorts(warehouse, lambda: now, "UTC").renew()
    assert people() == 20
    told(24)
    Cohorts(warehouse, lambda: now + 2 * day, "UTC").renew()
    assert people() == 20  # four more: who they are could be told by looking twice
    told(25)
    Cohorts(warehouse, lambda: now + day // 2, "UTC").renew()
    assert people() == 20
    Cohorts(warehouse, lambda: now + 2 * day, "UTC").renew()
    assert people() == 25


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2031, 1, 1), date(2031, 12, 31)), (date(1999, 1, 1), date(1999, 12, 31))],
)
def test_a_period_without_anything_makes_nothing_up(
    warehouse: Warehouse, first: date, last: date
) -> None:
    found = wrapped(warehouse, "nobody", first, last)
    assert (found["state"], found["missing"]) == ("warming_up", {"counts": LEAST_COUNTS})
    assert found["cards"]["top_words"] == {"top": [], "favourite": None}
    assert found["cards"]["personality"] is None
    assert set(found["how"]) == set(found["cards"])
