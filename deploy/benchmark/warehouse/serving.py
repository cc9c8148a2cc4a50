"""Wrapped over HTTP: the real api process, eight clients, whole answers and answers by ETag."""

import random
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import httpx

from adapters.http.signing import sign_user
from adapters.settings import Settings
from deploy.benchmark.reports import percentile
from deploy.benchmark.warehouse.made_up_year import FIRST
from deploy.benchmark.warehouse.query_times import LAST
from deploy.devstack.chdb_server.process import ended, started

CLIENTS = 8
WARM = 5
EACH = 60
"""Requests of each client, after those that warm it up. Each is of another person."""
PATH = f"/v1/users/me/wrapped?period={FIRST}..{LAST}"


@dataclass(frozen=True)
class Load:
    """One way of asking, by all clients together."""

    a_second: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Served:
    """Both ways."""

    clients: int
    whole: Load
    unchanged: Load


def measure(settings: Settings, people: int) -> Served:
    """Measure whole answers, then the same answers asked for again. Blocking."""
    dice = random.Random(0)  # noqa: S311 - made-up people, not secrets
    chosen = dice.sample(range(people), CLIENTS * (WARM + EACH))
    parts = [chosen[n::CLIENTS] for n in range(CLIENTS)]
    no_tags = [dict.fromkeys(part, "") for part in parts]
    with _api(settings) as url, ThreadPoolExecutor(CLIENTS) as pool:
        ask = partial(_ask, settings, url)
        whole = list(pool.map(ask, no_tags))
        tags = [one.tags for one in whole]
        unchanged = list(pool.map(ask, tags))
    return Served(CLIENTS, _load(whole), _load(unchanged))


@dataclass(frozen=True)
class _Asked:
    """Milliseconds of each request, and the ETag that each person has now."""

    took: list[float]
    tags: dict[int, str]


def _ask(settings: Settings, url: str, had: dict[int, str]) -> _Asked:
    found = _Asked([], {})
    with httpx.Client(base_url=url, timeout=60) as client:
        for person, tag in had.items():
            token = sign_user(settings, f"person-{person}", 600)
            start = time.perf_counter()
            answer = client.get(
                PATH, headers={"Authorization": f"Bearer {token}", "If-None-Match": tag}
            )
            found.took.append(1000 * (time.perf_counter() - start))
            assert answer.status_code == (304 if tag else 200), answer.text
            found.tags[person] = answer.headers["ETag"]
    return found


def _load(found: list[_Asked]) -> Load:
    took = [asked.took[WARM:] for asked in found]
    each = [ms for of_client in took for ms in of_client]
    return Load(
        len(each) / (sum(each) / 1000 / len(took)),
        statistics.median(each),
        percentile(each, 99),
    )


@contextmanager
def _api(settings: Settings) -> Iterator[str]:
    health_port = str(settings.port_base + 90)
    api = started(settings, "api", "api.main", LAHSTATS_HEALTH_PORT=health_port)
    with ended(api):
        yield settings.url("api")
