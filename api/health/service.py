"""The state of everything, for the page of operators. It has no number of talks or of letters.

Everybody who is signed in may read it, and a number would tell in a small group that somebody
records just now. The page has the words, in the language of who reads it.
"""

from collections import defaultdict

from pydantic import Field

from adapters.process.retry import TransientError
from adapters.warehouse import Queries, TypedRow
from api.answers import Answer
from api.freshness import Freshness
from schemas.session_events import State

HEALTH = "SELECT DISTINCT what, part, detail FROM pipeline_health ORDER BY ALL"


class HealthRow(TypedRow, frozen=True):
    """A line of the view for operators, without its number."""

    what: str
    part: str
    detail: str


class Part(Answer):
    """One part. `name` and `says` are texts of the page, under `docs.operators`.

    `values` are what is in them, `reasons` those of its dead letters.
    """

    name: str
    works: bool
    says: str
    values: dict[str, str] = Field(default_factory=dict)
    reasons: list[str] = Field(default_factory=list)


class Health(Answer):
    """Every part that the read side knows of."""

    parts: list[Part]


class Operating:
    """Blocking for a moment."""

    def __init__(self, warehouse: Queries, freshness: Freshness) -> None:
        self._warehouse = warehouse
        self._freshness = freshness

    def health(self) -> Health:
        """Never raises for a part that is away: that is what it tells."""
        try:
            rows = self._warehouse.query(HEALTH, row=HealthRow)
        except TransientError:
            return Health(parts=[Part(name="warehouse", works=False, says="silent")])
        warehouse = Part(name="warehouse", works=True, says="answers")
        return Health(parts=[warehouse, self._numbers(), _talks(rows), *_letters(rows)])

    def _numbers(self) -> Part:
        as_of = self._freshness.as_of()
        if not as_of:
            return Part(name="numbers", works=False, says="unwritten")
        is_old = bool(self._freshness.complaint())
        says = "old" if is_old else "as_of"
        return Part(name="numbers", works=not is_old, says=says, values={"as_of": as_of})


def _talks(rows: list[HealthRow]) -> Part:
    have_failed = any((row.what, row.part) == ("sessions", State.FAILED) for row in rows)
    says = "some_failed" if have_failed else "none_failed"
    return Part(name="talks", works=not have_failed, says=says)


def _letters(rows: list[HealthRow]) -> list[Part]:
    """A part for each stage that could not handle something; one in all when there is none."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.what == "dead letters":
            found[row.part].append(row.detail)
    if not found:
        return [Part(name="letters", works=True, says="no_letters")]
    return [
        Part(name="stage", works=False, says="letters", values={"stage": stage}, reasons=reasons)
        for stage, reasons in found.items()
    ]
