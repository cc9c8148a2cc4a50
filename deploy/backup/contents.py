"""The parts of each server that a backup keeps; all else can be made again."""

from itertools import product

from adapters.kafka.ends import Place
from consumers.sink.session_rows import OFFSET_BITS
from deploy.prepare.kafka_topics import wanted_topics
from schemas.fact_sheet import SESSION_PARTITIONS
from schemas.stages import FOLDS, GROUPS_READ

VERSIONED_BY_PLACE = (
    "sessions",
    "group_sessions",
    "progress",
    "provisional_etas",
    "provisional_words",
    "dead_letters",
)
"""Tables whose version is, or ends with, a place in the log, which is another one after a restore.
"""
NOT_REPLACING = ("lexicon_versions",)
"""Tables that have no row to be hidden by FINAL."""


def changelogs() -> list[Place]:
    """The partitions of the tables of the folds."""
    names = [fold.changelog for fold in FOLDS]
    return list(product(names, range(SESSION_PARTITIONS)))


def topics() -> list[Place]:
    """All other partitions of ours."""
    of_folds = {fold.changelog for fold in FOLDS}
    places: list[Place] = []
    for wanted in wanted_topics():
        if wanted.topic not in of_folds:
            places += [(wanted.topic, number) for number in range(wanted.num_partitions)]
    return places


def groups() -> list[str]:
    """The consumer groups whose offsets are kept."""
    return list(GROUPS_READ)


def select(table: str) -> str:
    """The rows of a table that readers see.

    A version that ends with a place in the log loses that: rows that come after a restore have
    places from 0 on, and must win.
    """
    final = "" if table in NOT_REPLACING else " FINAL"
    columns = "*"
    if table in VERSIONED_BY_PLACE:
        high = f"bitShiftRight(version, {OFFSET_BITS})"
        columns = f"* REPLACE (bitShiftLeft({high}, {OFFSET_BITS}) AS version)"
    return f"SELECT {columns} FROM {table}{final}"  # noqa: S608 - names of our own tables
