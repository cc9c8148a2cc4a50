"""The parts of each server that a backup keeps; all else can be made again."""

from adapters.kafka.ends import Place
from consumers.sink.session_rows import OFFSET_BITS
from deploy.prepare.kafka_topics import wanted_topics
from schemas import stages
from schemas.stages import FOLDS
from schemas.topics import SESSION_PARTITIONS

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
    return [(fold.changelog, n) for fold in FOLDS for n in range(SESSION_PARTITIONS)]


def topics() -> list[Place]:
    """All other partitions of ours."""
    tables = {fold.changelog for fold in FOLDS}
    wanted = {one.topic: one.num_partitions for one in wanted_topics()}
    names = [name for name in wanted if name not in tables]
    return [(name, n) for name in names for n in range(wanted[name])]


def groups() -> list[str]:
    """The consumer groups whose offsets are kept."""
    return [fold.group for fold in FOLDS] + [one.group for one in stages.ALL if one.group]


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
