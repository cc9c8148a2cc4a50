"""A group's own words are set for a group that there is."""

import pytest

from deploy.cli.group_lexicon import check_group
from tests.fakes import RecordedStatements


def test_a_group_that_nobody_made_is_named() -> None:
    """Before, a mistyped id was told that its words count from the next session on."""
    with pytest.raises(ValueError, match="no group of this id"):
        check_group(RecordedStatements(), "makan")


def test_a_group_is_known_by_its_row() -> None:
    check_group(RecordedStatements({"FROM groups": [{"n": 1}]}), "makan")
