"""Loads a made-up year into the product's tables and into one naive table."""

from collections.abc import Callable, Mapping
from operator import not_

from adapters.warehouse import Warehouse
from deploy.benchmark.warehouse.made_up_year import (
    CHUNK_INSERTS,
    GROUP_SIZE,
    INSERTS,
    NAIVE,
    WORDS_A_SESSION,
    statement,
)
from deploy.waiting import until

SESSIONS_AN_INSERT = 5_000
"""Two million rows of counted words."""
MERGED = ("user_days", "user_voices", "sessions", "claims")
MERGE_TIMEOUT_S = 600
Seen = Callable[[float, str], None]
"""Gets the share that is done, from 0 to 1, and what is being done."""


def load(
    warehouse: Warehouse,
    words: list[str],
    rows: int,
    people: int,
    seen: Seen,
) -> None:
    """Load `rows` counted words of `people` in both shapes, and wait for the merges.

    Blocking, minutes. Raises TimeoutError when the engine does not finish its merges.
    """
    warehouse.command(NAIVE)
    sizes = {
        "sessions": rows // WORDS_A_SESSION,
        "groups": people // GROUP_SIZE,
        "people": people,
    }
    _load_words(warehouse, words, sizes, seen)
    for table, insert in INSERTS.items():
        warehouse.command(statement(insert), sizes)
        seen(1.0, table)
    until(lambda: _merges(warehouse, seen), not_, MERGE_TIMEOUT_S, every_s=0.5)


def _load_words(
    warehouse: Warehouse,
    words: list[str],
    sizes: Mapping[str, int],
    seen: Seen,
) -> None:
    sessions = sizes["sessions"]
    for start in range(0, sessions, SESSIONS_AN_INSERT):
        left = sessions - start
        if left <= SESSIONS_AN_INSERT:
            _merge(warehouse, seen)
        count = min(SESSIONS_AN_INSERT, left)
        parameters = {**sizes, "from": start, "count": count, "words": words}
        for table, insert in CHUNK_INSERTS.items():
            warehouse.command(statement(insert), parameters)
            seen(start / sessions, table)


def _merge(warehouse: Warehouse, seen: Seen) -> None:
    """Merge as the server does with parts of the day before (`min_age_to_force_merge_seconds`).

    It runs before the last chunk, a week of the year, which stays as it comes.
    """
    for table in MERGED:
        seen(1.0, f"merging {table}")
        warehouse.command(f"OPTIMIZE TABLE {table} FINAL")


def _merges(warehouse: Warehouse, seen: Seen) -> int:
    """Return how many merges run."""
    left = int(warehouse.query("SELECT count() AS n FROM system.merges")[0]["n"])
    seen(1.0, f"{left} merges")
    return left
