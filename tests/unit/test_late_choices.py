"""A choice in a profile that comes late undoes nothing newer, and is lost only where it would."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from schemas import topics
from schemas.event import Event
from schemas.ids import UserId
from schemas.limits import HOUR_MS
from schemas.people_events import (
    ShareListing,
    ShareRequested,
    UserChangeDecided,
    UserChangeRequested,
    UserErased,
    UserErasureRequested,
    UserListing,
)
from streams.answers import LATE_MS
from streams.users.fold import fold as users_fold
from tests.folding import run
from tests.fuzz.hosted import Hosted, tables
from tests.unit.test_users_fold import decisions, link

NOW_MS = 1_800_000_000_000


def chosen(n: int, at_ms: int, **given: Any) -> UserChangeRequested:
    return UserChangeRequested(
        occurred_at_ms=at_ms, user_id=UserId("ann"), request_id=f"c{n}", **given
    )


@pytest.mark.parametrize(
    ("at_ms", "name", "reason"),
    [
        (NOW_MS - LATE_MS, "Ann", "chosen_since"),
        (NOW_MS - LATE_MS + 1, "Anna", None),
    ],
)
def test_a_choice_that_comes_late_overwrites_no_newer_one(
    at_ms: int, name: str, reason: str | None
) -> None:
    """As from a dead letter. Before, it did: agreements that were taken back held again."""
    newer = chosen(1, NOW_MS, display_name="Ann", on_board=False)
    late = chosen(2, at_ms, display_name="Anna", on_board=True)
    asked: list[Event] = [newer, late]
    out = run(users_fold, asked)
    row = [event for event in out if isinstance(event, UserListing)][-1]
    assert (row.display_name, row.on_board) == (name, reason is None)
    assert decisions(asked)[-1].reason == reason


def test_a_choice_that_comes_late_is_lost_only_where_a_newer_one_is() -> None:
    """Before, one moment stood for all fields: a time zone was lost as a name was newer."""
    newer = chosen(1, NOW_MS, display_name="Ann")
    zone = chosen(2, NOW_MS - LATE_MS, time_zone="Asia/Tokyo")
    both = chosen(3, NOW_MS - LATE_MS, display_name="Anna", findable=True)
    asked: list[Event] = [newer, zone, both]
    row = [event for event in run(users_fold, asked) if isinstance(event, UserListing)][-1]
    assert (row.display_name, row.time_zone, row.findable) == ("Ann", "Asia/Tokyo", True)
    assert [one.reason for one in decisions(asked)] == [None] * 3


def test_a_gateway_whose_clock_is_ahead_keeps_no_later_choice_out(tmp_path: Path) -> None:
    """The worker takes its own clock for the latest moment."""
    on = Hosted(tables(tmp_path), 0)
    on.publish(topics.USERS_REQUESTED, chosen(1, on.now_ms + HOUR_MS, display_name="Ann"))
    on.publish(topics.USERS_REQUESTED, chosen(2, on.now_ms, display_name="Anna"))
    answers = [event for _, event in on.log if isinstance(event, UserChangeDecided)]
    assert [answer.reason for answer in answers] == [None, None]


def test_a_worker_whose_clock_goes_back_keeps_no_later_choice_out(tmp_path: Path) -> None:
    """Before, everything that people asked for was refused until its clock was right again."""
    on = Hosted(tables(tmp_path), 0)
    on.publish(topics.USERS_REQUESTED, chosen(1, on.now_ms, display_name="Ann"))
    asked_ms = on.now_ms + 60_000
    on.now_ms -= 5 * HOUR_MS
    on.publish(topics.USERS_REQUESTED, chosen(2, asked_ms, display_name="Anna"))
    answers = [event for _, event in on.log if isinstance(event, UserChangeDecided)]
    assert [answer.reason for answer in answers] == [None, None]


def test_browsers_are_signed_out_by_a_request_whose_choices_come_late() -> None:
    """Before, such a request was rejected, and they went on."""
    late = chosen(2, NOW_MS - LATE_MS, display_name="Anna", sign_out=True)
    out = run(users_fold, [chosen(1, NOW_MS, display_name="Ann"), late])
    row = [event for event in out if isinstance(event, UserListing)][-1]
    assert (row.display_name, row.signed_out_at_ms) == ("Ann", NOW_MS - LATE_MS)


@pytest.mark.parametrize("kind", ["choice", "link"])
def test_what_was_asked_before_an_erasure_brings_nothing_back(kind: str) -> None:
    """A dead letter is replayed weeks later. Before, the name and the link were there again."""
    forget = UserErasureRequested(occurred_at_ms=NOW_MS, user_id=UserId("ann"), request_id="f")
    late = chosen(1, 0, display_name="Ann") if kind == "choice" else link(1, "first")
    asked: list[Event] = [forget, late]
    out = run(users_fold, asked)
    assert decisions(asked)[-1].reason == "chosen_since"
    assert {event.display_name for event in out if isinstance(event, UserListing)} == {""}
    assert not [event for event in out if isinstance(event, ShareListing)]


def test_an_erasure_that_comes_late_takes_nothing_that_was_chosen_since() -> None:
    """Before, nobody could revoke a link that was made since, and it worked on."""
    older = [chosen(1, NOW_MS - 2, time_zone="Asia/Tokyo"), link_at("old", NOW_MS - 1)]
    since_ms = NOW_MS + LATE_MS
    newer = [chosen(2, since_ms, display_name="Ann"), link_at("new", since_ms)]
    late = UserErasureRequested(occurred_at_ms=NOW_MS, user_id=UserId("ann"), request_id="f")
    out = run(users_fold, [*older, *newer, late])
    row = [event for event in out if isinstance(event, UserListing)][-1]
    assert (row.display_name, row.time_zone) == ("Ann", "")
    assert row.occurred_at_ms == since_ms  # else the erasure would remove it from the warehouse
    assert [event.occurred_at_ms for event in out if isinstance(event, UserErased)] == [NOW_MS]
    shares = [event for event in out if isinstance(event, ShareListing)]
    assert [event.share for event in shares if event.revoked] == ["old"]
    asked = [*older, *newer, late, link(9, "new", revoke=True)]
    assert decisions(asked)[-1].reason is None


def link_at(share: str, at_ms: int) -> ShareRequested:
    return replace(link(0, share), request_id=share, occurred_at_ms=at_ms, event_id="")


def test_a_link_is_revoked_and_browsers_are_signed_out_however_late_it_is_asked() -> None:
    """A restore revokes links again as of the time when people revoked them."""
    newer = chosen(1, NOW_MS, display_name="Ann")
    made = replace(link(1, "first"), occurred_at_ms=NOW_MS, event_id="")
    asked = [newer, made, link(2, "first", revoke=True), chosen(2, 7, sign_out=True)]
    out = run(users_fold, asked)
    assert [one.reason for one in decisions(asked)] == [None] * 4
    assert [event.revoked for event in out if isinstance(event, ShareListing)] == [False, True]
