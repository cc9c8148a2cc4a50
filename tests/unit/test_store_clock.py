"""Clocks that differ are seen by what the object store says with each answer."""

import asyncio
from collections.abc import Callable
from email.utils import formatdate
from time import time

import pytest

from adapters.objects.awaitable_s3 import AwaitableS3
from adapters.objects.s3 import S3BlobStore
from adapters.objects.store_clock import DATE_MS, least_ahead_ms
from adapters.process import metrics
from adapters.settings import Settings
from tests.unit.test_object_store_answers import serving

NOW_MS = 1_795_773_605_400
STORE_MS = NOW_MS // DATE_MS * DATE_MS
KEY = "sessions/one/object"
TOLERANCE_S = 5.0
"""For the seconds that a busy machine takes between a date and its answer."""


async def has(settings: Settings) -> None:
    async with AwaitableS3(settings) as store:
        await store.has(KEY)


CALLS: dict[str, Callable[[Settings], object]] = {
    "gateway": lambda settings: asyncio.run(has(settings)),
    "get": lambda settings: S3BlobStore(settings).has(KEY),
    "put": lambda settings: S3BlobStore(settings).put(KEY, b"body", "text/plain"),
    "date": lambda settings: S3BlobStore(settings).now_ms(),
}


@pytest.mark.parametrize("off_s", [-60, 0, 60])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_clock_that_differs_is_seen(call: Callable[[Settings], object], off_s: int) -> None:
    """Before, nobody was told: what people asked of a gateway that was behind was refused."""
    metrics.CLOCK_AHEAD.set(-1_000)
    date = {"Date": formatdate(time() - off_s, usegmt=True)}
    with serving(200, headers=date) as settings:
        call(settings)
    assert seen() == pytest.approx(off_s, abs=TOLERANCE_S)


@pytest.mark.parametrize("date", ["", "tomorrow"])
def test_an_answer_without_a_date_says_nothing(date: str) -> None:
    metrics.CLOCK_AHEAD.set(7)
    with serving(200, headers={"Date": date}) as settings:
        S3BlobStore(settings).has(KEY)
    assert seen() == 7


def seen() -> float:
    found = metrics.REGISTRY.get_sample_value("lahstats_clock_ahead_seconds")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("asked_ms", "answered_ms", "ahead_ms"),
    [
        (NOW_MS, NOW_MS, 0),
        (NOW_MS - 90_000, NOW_MS + 90_000, 0),
        (STORE_MS + DATE_MS, STORE_MS + DATE_MS, 0),
        (STORE_MS + DATE_MS + 3, STORE_MS + 2 * DATE_MS, 3),
        (STORE_MS - 7, STORE_MS, 0),
        (STORE_MS - 9, STORE_MS - 5, -5),
    ],
)
def test_a_slow_answer_and_a_pause_are_no_difference(
    asked_ms: int, answered_ms: int, ahead_ms: int
) -> None:
    assert least_ahead_ms(asked_ms, answered_ms, STORE_MS) == ahead_ms
