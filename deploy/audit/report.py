"""Pure: the differences that an audit found, and their sum, in words for people."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from deploy.amounts import amount


class Fate(StrEnum):
    """The fate of a chunk that was answered 2xx. Each has exactly one."""

    COUNTED = "counted"
    SILENT = "silent"
    MISSING = "missing with a reason"
    DEAD_LETTERED = "dead-lettered"
    ERASED = "erased"


Key = tuple[str | int, ...]
"""The key of a row within its session."""


class Mend(StrEnum):
    """The repair of a difference. All of them may be repeated."""

    WRITE_ROWS = "writes the session's rows again"
    REPLACE = "deletes the row, and writes the session's rows again"
    SET_OVERLAP = "computes the overlap again, and writes the session's rows again"
    RECOMPUTE_DAY = "computes the day again"
    PUT_OBJECT = "computes the object again"
    ERASE_AGAIN = "erases the session again"
    NONE = ""

    @property
    def advice(self) -> str:
        """The command that makes this repair, as a sentence."""
        return f"`lahstats audit --repair` {self.value}."


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One difference: what is wrong, where, and what to do.

    `where` is a table and key, an object's key, or `topic:partition:offset`. `table` and `key` are
    those of a row, for its repair.
    """

    session_id: str
    where: str
    what: str
    advice: str
    mend: Mend = Mend.NONE
    table: str = ""
    key: Mapping[str, str | int] = field(default_factory=dict)

    def sentence(self) -> str:
        """Return the difference as one line for people."""
        session = f"session {self.session_id}, " if self.session_id else ""
        return f"{session}{self.where}: {self.what}. {self.advice}"


@dataclass(frozen=True)
class Findings:
    """The findings of one session, or in one pass over all of them."""

    differences: tuple[Difference, ...] = ()
    fates: Counter[Fate] = field(default_factory=Counter)
    words: int = 0


@dataclass
class Report:
    """The sum of an audit. `moving` sessions were not judged: their stages were at work.

    `mended` are sentences about repairs that were made.
    """

    differences: list[Difference] = field(default_factory=list)
    fates: Counter[Fate] = field(default_factory=Counter)
    sessions: int = 0
    words: int = 0
    moving: int = 0
    mended: list[str] = field(default_factory=list)

    def add(self, found: Findings) -> None:
        """Take the findings of one session or pass."""
        self.differences += found.differences
        self.fates += found.fates
        self.words += found.words

    @property
    def chunks(self) -> int:
        """How many chunks have a fate."""
        return self.fates.total()

    def sentence(self) -> str:
        """Return the result in one line."""
        differences = amount(len(self.differences), "difference", "differences")
        chunks = amount(self.chunks, "chunk", "chunks")
        line = f"audit: {differences} in {chunks}, {amount(self.words, 'word', 'words')}"
        if not self.moving:
            return line
        return f"{line}; {amount(self.moving, 'session still moves', 'sessions still move')}"

    def lines(self) -> Iterator[str]:
        """Yield the report for people: repairs, differences, and their number."""
        yield from (f"mended: {sentence}" for sentence in self.mended)
        yield from (one.sentence() for one in self.differences)
        yield self.sentence()

    def document(self) -> dict[str, object]:
        """Return the document of `lahstats audit --json`."""
        return {
            "difference": len(self.differences),
            "sessions": self.sessions,
            "moving": self.moving,
            "chunks": {fate.value: self.fates[fate] for fate in Fate},
            "words": self.words,
            "differences": [_facts(one) for one in self.differences],
            "mended": self.mended,
        }


def _facts(one: Difference) -> dict[str, str]:
    return {
        "session_id": one.session_id,
        "where": one.where,
        "what": one.what,
        "advice": one.advice,
        "repair": one.mend.value,
    }
