"""Profiles and share links: what is not named stays, a refusal changes nothing."""

from typing import Any

from msgspec.structs import replace

from schemas.event import Event
from schemas.ids import UserId, derived_id
from schemas.people_events import (
    ShareListing,
    ShareRequested,
    UserChangeDecided,
    UserChangeRequested,
    UserErased,
    UserErasureRequested,
    UserListing,
)
from streams.users.changes import MOST_LINKS
from streams.users.fold import fold as users_fold
from tests.folding import run


def test_a_profile_keeps_what_is_not_named() -> None:
    def change(n: int, **given: bool | str) -> UserChangeRequested:
        return UserChangeRequested(
            occurred_at_ms=0,
            user_id=UserId("ann"),
            request_id=f"u{n}",
            **given,  # type: ignore[arg-type]
        )

    first = change(1, display_name="Ann", findable=True)
    out = run(users_fold, [first, change(2, on_board=True, findable=False), first])
    row = [event for event in out if isinstance(event, UserListing)][-1]
    assert (
        row.display_name,
        row.findable,
        row.on_board,
        row.tags_take_effect_at_once,
        row.revision,
    ) == ("Ann", False, True, False, 2)


def test_sessions_of_browsers_end_when_their_user_says_so() -> None:
    def change(n: int, **given: Any) -> UserChangeRequested:
        return UserChangeRequested(
            occurred_at_ms=n, user_id=UserId("ann"), request_id=f"r{n}", **given
        )

    chosen = change(1, time_zone="Asia/Tokyo", keep_transcript_days=0)
    late = change(3, sign_out=True)
    out = run(users_fold, [chosen, change(7, sign_out=True), change(9, findable=True), late])
    rows = [event for event in out if isinstance(event, UserListing)]
    assert [row.signed_out_at_ms for row in rows] == [0, 7, 7, 7]
    assert {(row.time_zone, row.keep_transcript_days) for row in rows} == {("Asia/Tokyo", 0)}


def link(n: int, share: str, *, revoke: bool = False) -> ShareRequested:
    return ShareRequested(
        occurred_at_ms=0,
        user_id=UserId("ann"),
        request_id=f"s{n}",
        share=share,
        first="2026-01-01",
        last="2026-12-31",
        show_name=False,
        revoke=revoke,
    )


def test_a_revoked_link_stays_revoked_and_nobody_has_too_many() -> None:
    made = link(0, "first")
    out = run(
        users_fold, [made, link(1, "first", revoke=True), made, link(2, "first", revoke=True)]
    )
    listed = [event.revoked for event in out if isinstance(event, ShareListing)]
    assert listed == [False, True, True]
    assert [event.reason for event in out if isinstance(event, UserChangeDecided)] == [
        None,
        None,
        None,
        "no_such_share",
    ]
    many = run(users_fold, [link(n, f"share {n}") for n in range(MOST_LINKS + 1)])
    assert [event.reason for event in many if isinstance(event, UserChangeDecided)][-2:] == [
        None,
        "too_many_shares",
    ]


def test_who_is_forgotten_begins_anew() -> None:
    named = UserChangeRequested(
        occurred_at_ms=0,
        user_id=UserId("ann"),
        request_id="n",
        display_name="Ann",
        on_board=True,
    )
    forget = UserErasureRequested(occurred_at_ms=0, user_id=UserId("ann"), request_id="f")
    out = run(
        users_fold, [named, link(1, "first"), link(2, "second"), forget, forget, link(3, "third")]
    )
    rows = [event for event in out if isinstance(event, UserListing)]
    assert [(row.display_name, row.on_board) for row in rows[-2:]] == [("", False)] * 2
    assert [row.revision for row in rows] == [1, 2, 3, 4, 4, 5]
    assert sorted(
        event.share for event in out if isinstance(event, ShareListing) and event.revoked
    ) == ["first", "second"]
    assert {event.event_id for event in out if isinstance(event, UserErased)} == {
        derived_id("UserErased", "ann", "f")
    }


def test_a_repeated_erasure_takes_nothing_from_who_came_back() -> None:
    """A phone that got no answer asks again, when it is online again."""
    forget = UserErasureRequested(occurred_at_ms=7, user_id=UserId("ann"), request_id="f")
    later = replace(forget, occurred_at_ms=99)
    out = run(users_fold, [link(1, "first"), forget, link(2, "second"), later])
    erased = [event.occurred_at_ms for event in out if isinstance(event, UserErased)]
    assert erased == [7, 7]
    links = [(event.share, event.revoked) for event in out if isinstance(event, ShareListing)]
    assert links == [("first", False), ("first", True), ("second", False)]


def test_signing_out_and_answers_outlive_an_erasure() -> None:
    named = UserChangeRequested(
        occurred_at_ms=1, user_id=UserId("ann"), request_id="n", display_name="Ann"
    )
    forget = UserErasureRequested(occurred_at_ms=7, user_id=UserId("ann"), request_id="f")
    again = UserChangeRequested(
        occurred_at_ms=9, user_id=UserId("ann"), request_id="a", findable=True
    )
    out = run(users_fold, [named, link(1, "first"), forget, named, link(1, "first"), again])
    rows = [event for event in out if isinstance(event, UserListing)]
    assert {(row.signed_out_at_ms, row.display_name) for row in rows[2:]} == {(7, "")}
    links = [event.revoked for event in out if isinstance(event, ShareListing)]
    assert links == [False, True, True]


def decisions(events: list[Event]) -> list[UserChangeDecided]:
    return [event for event in run(users_fold, events) if isinstance(event, UserChangeDecided)]


def test_a_refusal_changes_nothing_and_sends_no_row() -> None:
    out = run(users_fold, [link(1, "unknown", revoke=True)])
    assert [type(event) for event in out] == [UserChangeDecided]
    assert [(d.accepted, d.reason, d.revision) for d in decisions([link(1, "x", revoke=True)])] == [
        (False, "no_such_share", 0)
    ]


def test_a_refused_request_stays_refused_when_it_is_repeated() -> None:
    refused = link(0, "mine", revoke=True)
    answers = decisions([refused, link(1, "mine"), refused])
    assert [answer.accepted for answer in answers] == [False, True, False]
    assert answers[2] == answers[0]


def test_a_revoked_link_makes_room_for_another() -> None:
    many: list[Event] = [link(n, f"share {n}") for n in range(MOST_LINKS)]
    more = [link(MOST_LINKS, "one more"), link(MOST_LINKS + 1, "share 3", revoke=True)]
    answers = decisions([*many, *more, link(MOST_LINKS + 2, "one more")])[MOST_LINKS:]
    assert [answer.reason for answer in answers] == ["too_many_shares", None, None]


def test_nobody_has_agreed_to_anything_before_they_say_so() -> None:
    named = UserChangeRequested(
        occurred_at_ms=0, user_id=UserId("ann"), request_id="n", display_name="Ann"
    )
    row = next(event for event in run(users_fold, [named]) if isinstance(event, UserListing))
    assert (row.findable, row.on_board, row.tags_take_effect_at_once) == (False, False, False)
