"""Requests a minute: the bucket, its memory, and the answers of both sides."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.clients import FrontDoors, client_of
from adapters.http.connections import Connections
from adapters.http.problems import HttpProblem, away
from adapters.http.rates import Buckets, taken
from schemas.limits import (
    CHUNKS,
    CHUNKS_OF_USER,
    REQUESTS_OF_ADDRESS,
    REQUESTS_OF_USER,
    Rate,
)
from tests.write_side import OWNER, WriteSide

RATE = Rate(60, 3, "a second each, three at once")
STEPS = st.lists(st.floats(0, 5), max_size=60)


@given(STEPS, st.integers(1, 600), st.integers(1, 20))
def test_no_span_of_time_has_more_than_the_rate_and_the_burst(
    steps: list[float], a_minute: int, burst: int
) -> None:
    rate = Rate(a_minute, burst, "")
    full_at_s = 0.0
    passed = []
    for now_s in itertools.accumulate(steps):
        full_at_s, wait_s = taken(rate, full_at_s, now_s)
        if not wait_s:
            passed.append(now_s)
    for first, last in itertools.combinations(range(len(passed)), 2):
        span_s = passed[last] - passed[first]
        assert last - first + 1 <= burst + span_s * a_minute / 60 + 1e-6


@given(STEPS, st.integers(1, 600), st.integers(1, 20))
def test_a_caller_who_waits_as_told_is_let_in(
    steps: list[float], a_minute: int, burst: int
) -> None:
    rate = Rate(a_minute, burst, "")
    full_at_s = 0.0
    for now_s in itertools.accumulate(steps):
        full_at_s, wait_s = taken(rate, full_at_s, now_s)
        if wait_s:
            full_at_s, again_s = taken(rate, full_at_s, now_s + wait_s)
            assert not again_s
            return


def test_callers_do_not_share_a_bucket_and_few_are_remembered() -> None:
    buckets = Buckets(RATE, kept=10)
    for caller in range(1_000):
        for _ in range(3):
            buckets.take(caller, 0.0)
        with pytest.raises(HttpProblem) as refused:
            buckets.take(caller, 0.0)
        assert refused.value.headers == {"Retry-After": "1"}
    assert len(buckets) == 10


def test_a_phone_that_catches_up_is_never_refused() -> None:
    """A whole session of chunks at once, then an hour of 10 s chunks as fast as it can."""
    buckets = Buckets(CHUNKS_OF_USER)
    for _ in range(CHUNKS.most):
        buckets.take("mei", 0.0)
    for n in range(360):
        buckets.take("mei", n * 0.005)


def test_a_user_and_an_address_too_many_are_told_when_to_come_back() -> None:
    side = WriteSide()
    join = {"invite_code": "K7QM-2XPA-9LTZ"}
    for _ in range(REQUESTS_OF_USER.burst - 2):
        side.rates.user(OWNER)
    answers = [side.call("POST", "/v1/groups/join", join) for _ in range(3)]
    assert [answer.status_code for answer in answers[:-1]] == [404, 404]
    assert answers[-1].status_code == 429
    assert answers[-1].json()["retryable"]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert side.call("POST", "/v1/groups/join", join, user="somebody-else").status_code == 404


def test_an_address_too_many_is_refused_before_its_token_is_read() -> None:
    side = WriteSide()
    for _ in range(REQUESTS_OF_ADDRESS.burst):
        side.rates.address("127.0.0.1")
    answer = side.client.request("GET", "/nowhere")
    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("problem", [away("Kafka"), HttpProblem(503, "x", "X", "x")])
def test_every_503_says_when_to_come_back(problem: HttpProblem) -> None:
    assert problem.headers
    assert int(problem.headers["Retry-After"]) >= 1


def test_an_ipv6_network_is_one_client() -> None:
    assert client_of("2001:db8:1:2:3::4") == client_of("2001:db8:1:2::9")
    assert client_of("2001:db8:1:2::9") != client_of("2001:db8:1:3::9")
    assert client_of("::ffff:10.0.0.1") == client_of("10.0.0.1") == "10.0.0.1"
    assert client_of("unix") == "unix"


def test_connections_are_counted_by_client_but_not_those_of_a_front_door() -> None:
    connections = Connections(FrontDoors("10.0.0.0/8, 192.0.2.1"), most=5, most_of_client=2)
    assert [connections.opened("198.51.100.1") for _ in range(3)] == [True, True, False]
    connections.closed("198.51.100.1")
    connections.closed("198.51.100.1")
    assert connections.opened("198.51.100.1")
    assert [connections.opened("10.9.9.9") for _ in range(4)] == [True, True, True, False]


def test_nobody_is_a_front_door_unless_it_is_said() -> None:
    assert "127.0.0.1" not in FrontDoors("")
    with pytest.raises(ValueError, match="does not appear"):
        FrontDoors("*")
