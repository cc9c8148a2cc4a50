"""A choice for a group that comes late undoes no newer one. As from a dead letter."""

import pytest

from schemas.event import Event
from schemas.people_events import GroupAction, GroupChangeRequested, GroupListing
from streams.answers import LATE_MS
from streams.groups.fold import fold
from tests.folding import run
from tests.unit.test_groups_fold import CREATED, ask, last, reasons

NEWER_MS = 5 * LATE_MS
JOINED = [ask(n, user, GroupAction.JOIN) for n, user in enumerate(("beng", "chandra"), 1)]
RENAME = ask(3, "ann", GroupAction.RENAME, at_ms=NEWER_MS)
INVITE = ask(3, "ann", GroupAction.INVITE, invite="newer", at_ms=NEWER_MS)
REMOVE = ask(3, "ann", GroupAction.REMOVE, user="chandra", at_ms=NEWER_MS)
THERE = ask(3, "ann", GroupAction.HAND_OVER, user="beng", at_ms=NEWER_MS)
BACK = ask(4, "beng", GroupAction.HAND_OVER, user="ann", at_ms=NEWER_MS)
CASES: dict[str, tuple[list[Event], GroupAction]] = {
    "name": ([RENAME], GroupAction.RENAME),
    "invite": ([INVITE], GroupAction.INVITE),
    "invite of before somebody was removed": ([REMOVE], GroupAction.INVITE),
    "owner": ([THERE, BACK], GroupAction.HAND_OVER),
}
"""The newest choices, and the action that comes late."""


def row(events: list[Event]) -> GroupListing:
    return last(run(fold, [CREATED, *JOINED, *events]))


def late(action: GroupAction, at_ms: int) -> GroupChangeRequested:
    return ask(9, "ann", action, user="beng", invite="older", at_ms=at_ms)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_choice_that_comes_late_undoes_no_newer_one(
    case: tuple[list[Event], GroupAction],
) -> None:
    """Before, the group had its former name again, or the code of before somebody was removed."""
    chosen, action = case
    events = [*chosen, late(action, NEWER_MS - LATE_MS)]
    assert row(events) == row(chosen)
    assert reasons(run(fold, [CREATED, *JOINED, *events]))[-1] == "chosen_since"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_one_of_the_same_moment_is_taken(case: tuple[list[Event], GroupAction]) -> None:
    """Two gateways have clocks of their own."""
    chosen, action = case
    now = [CREATED, *JOINED, *chosen, late(action, NEWER_MS - LATE_MS + 1)]
    assert reasons(run(fold, now))[-1] is None
