"""The state of everything, in words for operators. Numbers only: nobody is named."""

from collections import Counter

from pydantic import Field

from adapters.process.retry import TransientError
from adapters.warehouse import Queries, TypedRow
from api.answers import Answer
from api.freshness import Freshness

HEALTH = "SELECT what, part, detail, value FROM pipeline_health ORDER BY what, part, detail"
SESSIONS = {
    "recording": "being recorded",
    "sealing": "waiting for their last parts",
    "processing": "being counted",
    "ready_for_claiming": "ready for claiming",
    "completed": "completed",
    "failed": "could not be counted",
    "erased": "erased",
}


class HealthRow(TypedRow, frozen=True):
    """A number of the view for operators."""

    what: str
    part: str
    detail: str
    value: int


class Part(Answer):
    """One part: whether it works, and what it says."""

    name: str
    works: bool
    says: str = Field(description="One or two sentences")


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
            away = Part(name="Warehouse", works=False, says="ClickHouse does not answer.")
            return Health(parts=[away])
        warehouse = Part(name="Warehouse", works=True, says="ClickHouse answers.")
        return Health(parts=[warehouse, self._numbers(), _talks(rows), *_letters(rows)])

    def _numbers(self) -> Part:
        complaint = self._freshness.complaint()
        as_of = self._freshness.as_of()
        if not as_of:
            says = "Nothing was written yet: the stage `sink` has not run."
            return Part(name="Numbers", works=False, says=says)
        if complaint:
            says = f"They are old, as of {as_of}: the stage `sink` is behind, or stands still."
            return Part(name="Numbers", works=False, says=says)
        return Part(name="Numbers", works=True, says=f"They are of {as_of}.")


def _talks(rows: list[HealthRow]) -> Part:
    found: Counter[str] = Counter()
    for row in rows:
        if row.what == "sessions":
            found[row.part] += row.value
    told = [f"{count} {SESSIONS.get(state, state)}" for state, count in sorted(found.items())]
    works = not found["failed"]
    return Part(name="Talks", works=works, says=f"{', '.join(told) or 'None yet'}.")


def _letters(rows: list[HealthRow]) -> list[Part]:
    """A part for each stage that could not handle something; one in all when there is none."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.what == "dead letters":
            found.setdefault(row.part, []).append(f"{row.value} of {row.detail}")
    if not found:
        return [Part(name="Dead letters", works=True, says="None.")]
    return [
        Part(name=f"Stage {stage}", works=False, says=f"Dead letters: {', '.join(told)}.")
        for stage, told in found.items()
    ]
