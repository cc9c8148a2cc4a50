"""The least and the most that a limit accepts passes the whole inside, and ClickHouse keeps it.

One beyond gets a 4xx. The inside is the product's own: routes, folds, steps and the sink, with a
ClickHouse server at its end. Only the models are scripted.
"""

from datetime import date
from uuid import uuid4

import pytest

from adapters.http.fields import ZONES
from adapters.warehouse import Warehouse
from schemas import limits
from schemas.days import day_of
from schemas.limits import Limit
from tests.integration.limit_probes import LEAST, PROBES, Edge
from tests.write_side import NOW_MS

KNOWN_NOT = frozenset({404, 409})
"""Nobody has such a thing, which is no matter of limits."""
ELSEWHERE = frozenset(
    {
        limits.TIME_ZONE,  # all of them: below
        limits.RECORDED,  # beyond it a time is corrected: tests/unit/test_limits.py
        limits.PERIOD,  # below
        limits.SESSION_IDS,  # COMPARED is less than that
        limits.EVENT_ID,  # of streams: tests/unit/test_session_changes.py
        limits.STREAMS,
        # Nothing of it is kept: it names a row.
        limits.CHANGE,
        # Of connections: test_edge.py.
        limits.HEAD_BYTES,
        limits.HEAD_S,
        limits.BODY_S,
        limits.BODY_RATE,
        limits.REST_S,
        limits.ANSWER_S,
        limits.IDLE_S,
        limits.CONNECTIONS,
        limits.CONNECTIONS_OF_CLIENT,
    }
)
NAMES = {limit: limit.about for limit in PROBES}


def test_every_limit_is_probed() -> None:
    assert set(PROBES) | ELSEWHERE == set(limits.TABLE)


@pytest.mark.parametrize("limit", PROBES, ids=NAMES.__getitem__)
@pytest.mark.parametrize("end", ["least", "most"])
def test_the_inside_holds_what_the_edge_accepts(
    warehouse: Warehouse, limit: Limit, end: str
) -> None:
    size = LEAST.get(limit, limit.least) if end == "least" else limit.most
    answer = PROBES[limit](Edge(warehouse), size)
    assert answer.is_success or answer.status_code in KNOWN_NOT, answer.text


@pytest.mark.parametrize("limit", PROBES, ids=NAMES.__getitem__)
@pytest.mark.parametrize("end", ["least", "most"])
def test_one_beyond_is_refused(warehouse: Warehouse, limit: Limit, end: str) -> None:
    size = limit.least - 1 if end == "least" else limit.most + 1
    if end == "least" and (limit.unit in ("bytes", "characters") and size < 1):
        return  # nothing is less than nothing; an empty text is refused by tests/unit
    answer = PROBES[limit](Edge(warehouse), size)
    assert answer.status_code in (413, 415, 422), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_warehouse_knows_every_time_zone(warehouse: Warehouse) -> None:
    """`localtime` was accepted before: a file of one machine, which ClickHouse has not."""
    rows = warehouse.query("SELECT time_zone FROM system.time_zones")
    assert {str(row["time_zone"]) for row in rows} >= ZONES
    assert limits.TIME_ZONE.most >= max(map(len, ZONES))
    edge = Edge(warehouse)
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12", max(ZONES, key=len)):
        assert edge.start(time_zone=zone).status_code == 201
        assert day_of(NOW_MS, zone)
        assert warehouse.query("SELECT toTimezone(now(), {zone:String}) AS t", {"zone": zone})


@pytest.mark.parametrize("first", [limits.FIRST_DAY, limits.LAST_DAY])
@pytest.mark.parametrize("path", ["users/me/stats", "users/me/wrapped", "users/me/wrapped/card"])
def test_the_first_and_the_last_day_can_be_asked_for(
    warehouse: Warehouse, first: date, path: str
) -> None:
    edge = Edge(warehouse)
    for period in (f"{first}..{first}", f"{limits.FIRST_DAY}..{limits.LAST_DAY}"):
        assert limits.PERIOD.holds(len(period))
        assert edge.read(f"/v1/{path}", period=period).status_code == 200
    for period in ("1970-01-01..1970-01-02", "2149-06-05..2149-06-06", "x" * 23, ""):
        assert edge.read(f"/v1/{path}", period=period).status_code == 422


def test_a_corrected_session_is_kept_and_shown(warehouse: Warehouse) -> None:
    edge = Edge(warehouse)
    session_id = str(uuid4())
    answer = edge.start(session_id, recorded_at="1970-01-01T00:00:00Z")
    assert answer.json()["clock_corrected"]
    rows = warehouse.query(
        "SELECT clock_corrected, toUnixTimestamp64Milli(recorded_at) AS ms FROM sessions FINAL"
        " WHERE session_id = {session:String}",
        {"session": session_id},
    )
    assert [(row["clock_corrected"], row["ms"]) for row in rows] == [(True, NOW_MS)]


@pytest.mark.parametrize("blank", [" ", "\u3000", "\t", " \u00a0 "])
def test_blanks_find_nobody(warehouse: Warehouse, blank: str) -> None:
    """A search for no part of a name would find everybody who agreed to be found."""
    assert Edge(warehouse).read("/v1/users/search", q=blank).status_code == 422


def test_wide_blanks_are_blanks(warehouse: Warehouse) -> None:
    """Keyboards for Chinese write them between two names."""
    assert Edge(warehouse).read("/v1/users/search", q="Tan\u3000Ah").status_code == 200


@pytest.mark.parametrize("text", ["a\\b", "a'b", "{q:String}", "a%b", "\u05d0\u05d1"])
def test_odd_text_is_searched_as_it_is(warehouse: Warehouse, text: str) -> None:
    edge = Edge(warehouse)
    assert edge.read("/v1/users/search", q=text).status_code == 200
    assert edge.read("/v1/sessions", status=text).status_code == 422
    assert edge.read("/v1/sessions", cursor=text).status_code == 422
