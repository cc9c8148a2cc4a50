"""The registry of faults and its page."""

from pathlib import Path

from tests.faults import page
from tests.faults.registry import Outcome, faults
from tests.faults.rows import ROWS


def test_every_fault_proves_rows_that_exist() -> None:
    assert faults()
    assert all(fault.rows and set(fault.rows) <= ROWS.keys() for fault in faults())


def test_the_page_is_as_the_next_run_would_write_it() -> None:
    """Before, it said of soaks something else than the text that a run writes."""
    assert page.PAGE.read_text() == page.text(page.outcomes(page.PAGE))


def test_a_run_changes_its_own_line_alone(tmp_path: Path) -> None:
    one, other = faults()[:2]
    file = tmp_path / "faults.md"
    page.write(one, Outcome("4 phones", "2 s"), file)
    page.write(other, Outcome("5 phones", "3 s", ["a session is lost"]), file)
    made = page.outcomes(file)
    assert list(made[one.name][:3]) == ["4 phones", "0", "2 s"]
    assert list(made[other.name][:3]) == ["5 phones", "1", "3 s"]
    assert all(f"| {number} |" in file.read_text() for number in ROWS)
