"""Stored rows against wanted ones: the same rows are told in the same order, run for run."""

from deploy.audit.log_facts import LogFacts
from deploy.audit.report import Mend
from deploy.audit.rows import GONE, Rows
from schemas.ids import SessionId

NAMES = [f"S{number}" for number in range(40, 0, -1)]
STORED = [((name,), "a guest") for name in NAMES]


def test_rows_without_a_source_are_told_in_the_order_in_which_they_are_stored() -> None:
    """Before, they came in another order in each process: two audits could not be compared."""
    rows = Rows("claims", ("speaker",), LogFacts(SessionId("s")), {}, STORED)
    found = [one.where for one in rows.differences()]
    assert found == [f"claims, speaker {name}" for name in NAMES]


def test_a_row_whose_event_has_left_the_log_is_not_mended() -> None:
    facts = LogFacts(SessionId("s"))
    rows = Rows("claims", ("speaker",), facts, {}, STORED[:2], is_kept=lambda key: key == ("S40",))
    kept, gone = rows.differences()
    assert (kept.mend, gone.mend) == (Mend.REPLACE, Mend.NONE)
    assert gone.advice == GONE
