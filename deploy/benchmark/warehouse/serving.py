"""Wrapped over HTTP: the real api process, eight clients, whole answers and answers by ETag."""

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from adapters import tokens
from adapters.settings import Settings
from deploy.benchmark.warehouse.ask import LAST
from deploy.benchmark.warehouse.load import FIRST
from deploy.local.clickhouse.served import environment_of

CLIENTS, EACH = 8, 60
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
    """Blocking. Every request of the first way is another person's; the second asks again for what it has."""
    with _api(settings) as url, ThreadPoolExecutor(CLIENTS) as pool:
        people_of = [random.Random(n).sample(range(people), EACH + 5) for n in range(CLIENTS)]  # noqa: S311
        whole = _load(list(pool.map(lambda who: _ask(settings, url, who, again=False), people_of)))
        unchanged = _load(list(pool.map(lambda who: _ask(settings, url, who, again=True), people_of)))
    return Served(CLIENTS, whole, unchanged)


def _ask(settings: Settings, url: str, people: list[int], *, again: bool) -> tuple[float, list[float]]:
    took: list[float] = []
    with httpx.Client(base_url=url, timeout=60) as client:
        began = time.perf_counter()
        for n, person in enumerate(people):
            headers = {"Authorization": f"Bearer {tokens.sign_user(settings, f'person-{person}', 600)}"}
            if again:
                headers["If-None-Match"] = client.get(PATH, headers=headers).headers["ETag"]
            if n == len(people) - EACH:
                began = time.perf_counter()  # what came before warmed it up
            start = time.perf_counter()
            answer = client.get(PATH, headers=headers)
            assert answer.status_code == (304 if again else 200), answer.text
            took.append(1000 * (time.perf_counter() - start))
        return time.perf_counter() - began, took[-EACH:]


def _load(found: list[tuple[float, list[float]]]) -> Load:
    took = [ms for _, each in found for ms in each]
    busy_s = sum(took) / 1000 / len(found)
    return Load(len(took) / busy_s, statistics.median(took), statistics.quantiles(took, n=100)[-1])


@contextmanager
def _api(settings: Settings) -> Iterator[str]:
    environment = {**environment_of(settings), "LAHSTATS_HEALTH_PORT": str(settings.port_base + 90)}
    process = subprocess.Popen([sys.executable, "-m", "api.main"], env={**os.environ, **environment})
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{settings.url('api')}/v1/users/me", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.2)
        yield settings.url("api")
    finally:
        process.terminate()
        process.wait()
