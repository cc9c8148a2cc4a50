"""The sink is killed again and again while counts and credits flow.

Every row is there once, and sums of the day are exact.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Self

import pytest

from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.warehouse import Warehouse
from deploy.benchmark.event_load import Sent, counted
from deploy.devstack.running_stack import RunningStack, running
from deploy.waiting import until
from schemas import stages, topics
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.word_events import WordsCounted, WordsCredited

DAY = "2031-06-07"
KILLS = 5
EVENTS_A_MOMENT = 10
FACTS = "SELECT session_id, ordinal, word FROM word_events FINAL WHERE day = toDate({day:String})"
DAILY = """
SELECT word, count, sessions FROM word_daily FINAL
WHERE day = toDate({day:String}) AND count > 0 ORDER BY word
"""
CREDITS = """
SELECT user_id, word, sum(count) AS n FROM user_words
WHERE day = toDate({day:String}) AND word != '' GROUP BY ALL ORDER BY ALL
"""


def credited(event: WordsCounted, user: str, version: int) -> WordsCredited:
    words = Counter(row.word for row in event.rows)
    return WordsCredited(
        occurred_at_ms=event.occurred_at_ms,
        session_id=SessionId(event.session_id),
        user_id=UserId(user),
        speaker=SpeakerLabel("S1"),
        credit_version=version,
        days={DAY: dict(words)},
        spoken={DAY: len(event.rows)},
        talk_ms=1_000,
    )


class Flow:
    """Sends from a thread of its own until told to stop; keeps what it sent."""

    def __init__(self, kafka: str, dice: random.Random) -> None:
        self.sent: list[WordsCounted] = []
        self._publisher = KafkaPublisher(kafka, timeout_s=60)
        self._dice = dice
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self._publisher.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            some = [
                counted(
                    self._dice.choices(("lah", "lor", "sia"), k=self._dice.randrange(1, 9)), DAY
                )
                for _ in range(EVENTS_A_MOMENT)
            ]
            told: list[Sent] = [(topics.COUNTED, event) for event in some]
            told += [
                (topics.CREDITED, credited(event, self._user(event), version))
                for event in some
                for version in (1, 2)
            ]
            self._publisher.publish([outgoing(topic, event) for topic, event in told])
            self.sent += some
            time.sleep(0.05)

    def _user(self, event: WordsCounted) -> str:
        return f"killed-{int(event.session_id[-2:], 16) % 5}"

    def facts(self) -> Counter[tuple[str, int, str]]:
        """Every row that must be there, once."""
        return Counter(
            (event.session_id, row.ordinal, row.word) for event in self.sent for row in event.rows
        )

    def daily(self) -> list[tuple[str, int, int]]:
        """Word, count and sessions of the day."""
        said = Counter(row.word for event in self.sent for row in event.rows)
        sessions = Counter(word for event in self.sent for word in {row.word for row in event.rows})
        return sorted((word, n, sessions[word]) for word, n in said.items())

    def credits(self) -> list[tuple[str, str, int]]:
        """User, word and count."""
        found = Counter((self._user(event), row.word) for event in self.sent for row in event.rows)
        return sorted((*whose, n) for whose, n in found.items())


@pytest.fixture
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack of its own, of the stages behind the topics of counts.

    To the folds, counts of sessions that never were are poison.
    """
    with running(tmp_path_factory.mktemp("sink"), (stages.SINK, stages.ROLLUP)) as up:
        yield up


@pytest.fixture
def warehouse(bare: RunningStack) -> Warehouse:
    return Warehouse(bare.settings)


def ready_again(stack: RunningStack, killed: int) -> Callable[[], bool]:
    return lambda: stack.pid("sink") not in (0, killed) and stack.answers("sink")


@pytest.mark.own_stack
def test_kill_9_at_any_moment_changes_no_count(bare: RunningStack, warehouse: Warehouse) -> None:
    dice = random.Random(time.time_ns())
    with Flow(bare.settings.kafka, dice) as flow:
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.0, 2.0))
            killed = bare.pid("sink")
            bare.kill("sink")
            until(ready_again(bare, killed), bool, 60)
    for group, topic in (
        ("lahstats-sink", topics.COUNTED),
        ("lahstats-sink", topics.CREDITED),
        ("lahstats-rollup", topics.WAREHOUSE_CHANGED),
    ):
        until(partial(bare.lag_of, group, topic), lambda lag: lag == 0, 120)
    rows = warehouse.query(FACTS, {"day": DAY})
    assert Counter((row["session_id"], row["ordinal"], row["word"]) for row in rows) == flow.facts()
    assert [tuple(row.values()) for row in warehouse.query(DAILY, {"day": DAY})] == flow.daily()
    assert [tuple(row.values()) for row in warehouse.query(CREDITS, {"day": DAY})] == flow.credits()
    print(f"{len(flow.sent)} counts, {sum(flow.facts().values())} rows, {KILLS} kills")
