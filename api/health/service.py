"""The state of everything, for the page of operators. Numbers only: nobody is named.

The page has the words, in the language of who reads it.
"""

from collections import Counter

from pydantic import Field

from adapters.process.retry import TransientError
from adapters.warehouse import Queries, TypedRow
from api.answers import Answer
from api.freshness import Freshness

HEALTH = "SELECT what, part, detail, value FROM pipeline_health ORDER BY what, part, detail"


class HealthRow(TypedRow, frozen=True):
    """A number of the view for operators."""

    what: str
    part: str
    detail: str
    value: int


class Part(Answer):
    """One part. `name` and `says` are texts of the page, under `docs.operators`.

    `values` are what is in them, `counts` how many there are of each kind.
    """

    name: str
    works: bool
    says: str
    values: dict[str, str] = Field(default_factory=dict)
    counts: dict[str, int] = Field(default_factory=dict)


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
    found: Counter[str] = Counter()
    for row in rows:
        if row.what == "sessions":
            found[row.part] += row.value
    says = "talks" if found else "no_talks"
    return Part(
        name="talks", works=not found["failed"], says=says, counts=dict(sorted((+found).items()))
    )


def _letters(rows: list[HealthRow]) -> list[Part]:
    """A part for each stage that could not handle something; one in all when there is none."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.what == "dead letters":
            found.setdefault(row.part, {})[row.detail] = row.value
    if not found:
        return [Part(name="letters", works=True, says="no_letters")]
    return [
        Part(name="stage", works=False, says="letters", values={"stage": stage}, counts=counts)
        for stage, counts in found.items()
    ]
