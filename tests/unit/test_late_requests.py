"""A request that comes behind all others is as if it had come in time, or had never been made."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.claim_events import ClaimKind
from schemas.event import Event
from schemas.ids import UserId
from schemas.people_events import GroupAction, ShareRequested, UserChangeRequested
from schemas.people_events import UserErasureRequested as ErasureRequested
from streams.answers import LATE_MS
from streams.credits.fold import fold as credits_fold
from streams.fold import Run
from streams.groups.fold import fold as groups_fold
from streams.users.fold import fold as users_fold
from tests import folding
from tests.credit_history import COUNTS, agree, claim, release, tag
from tests.unit.test_groups_fold import ask

STEP_MS = 2 * LATE_MS
PEOPLE = ("ann", "beng", "chandra")
VOICES = ("S1", "S2")
UNSAID = {"answers", "revision", "changes", "history", "made_ms", "joined_at_ms", "number"}
"""They say how often something was asked, and when."""


@st.composite
def of_group(draw: st.DrawFn) -> list[Event]:
    """Everybody does what they may do then.

    Nobody is removed: whenever that is done it ends the invite, which who is removed may know.
    """
    owner = "ann"
    others: list[str] = []
    made: list[Event] = []
    for n in range(1, draw(st.integers(3, 9))):
        moves = [(GroupAction.RENAME, owner, owner), (GroupAction.INVITE, owner, owner)]
        moves += [(GroupAction.JOIN, one, one) for one in PEOPLE if one not in (owner, *others)]
        for one in others:
            moves += [(GroupAction.LEAVE, one, one), (GroupAction.ERASE_MEMBER, one, one)]
            moves.append((GroupAction.HAND_OVER, owner, one))
        action, by, user = draw(st.sampled_from(moves))
        asked = ask(n, by, action, user=user, at_ms=n * STEP_MS)
        made.append(replace(asked, invite_until_ms=100 * STEP_MS, event_id=""))
        others = [one for one in others if one != user]
        if action is GroupAction.JOIN:
            others.append(user)
        elif action is GroupAction.HAND_OVER:
            others.append(owner)
            owner = user
    return made


@st.composite
def of_voices(draw: st.DrawFn) -> list[Event]:
    """Claims, guests, tags, agreements and releases."""
    made: list[Event] = []
    for n in range(1, draw(st.integers(2, 8))):
        speaker = draw(st.sampled_from(VOICES))
        by = draw(st.sampled_from(PEOPLE))
        guest = replace(
            claim(f"r{n}", speaker, by), kind=ClaimKind.GUEST, guest_name=f"guest {n}", event_id=""
        )
        asked: Event = draw(
            st.sampled_from(
                [
                    guest,
                    claim(f"r{n}", speaker, by),
                    release(f"r{n}", speaker, by),
                    agree(f"r{n}", speaker, by),
                    tag(f"r{n}", speaker, draw(st.sampled_from(PEOPLE)), by),
                ]
            )
        )
        made.append(replace(asked, occurred_at_ms=n * STEP_MS, event_id=""))
    return made


@st.composite
def of_user(draw: st.DrawFn) -> list[Event]:
    """Choices, links and erasures."""
    made: list[Event] = []
    for n in range(1, draw(st.integers(2, 7))):
        about: dict[str, Any] = {
            "occurred_at_ms": n * STEP_MS,
            "user_id": UserId("ann"),
            "request_id": f"r{n}",
        }
        match draw(st.sampled_from(["name", "zone", "both", "link", "revoke", "erase"])):
            case "name":
                made.append(UserChangeRequested(**about, display_name=f"name {n}"))
            case "zone":
                made.append(UserChangeRequested(**about, time_zone=f"zone {n}"))
            case "both":
                made.append(UserChangeRequested(**about, display_name="", time_zone=f"zone {n}"))
            case "erase":
                made.append(ErasureRequested(**about))
            case kind:
                share = f"share {draw(st.integers(1, n)) if kind == 'revoke' else n}"
                link: dict[str, Any] = {"first": "", "last": "", "show_name": False, "share": share}
                made.append(ShareRequested(**about, **link, revoke=kind == "revoke"))
    return made


CREATED = replace(ask(0, "ann", GroupAction.CREATE), invite_until_ms=100 * STEP_MS, event_id="")
FOLDS: dict[str, tuple[Run, Sequence[Event], st.SearchStrategy[list[Event]]]] = {
    "groups": (groups_fold, [CREATED], of_group()),
    "credits": (credits_fold, COUNTS, of_voices()),
    "users": (users_fold, [], of_user()),
}


def state(fold: Run, events: Sequence[Event]) -> object:
    table: dict[str, bytes] = {}
    folding.run(fold, events, table)
    return {key: plain(msgspec.json.decode(body)) for key, body in table.items()}


def rejected(fold: Run, events: Sequence[Event]) -> list[str]:
    """The ids of requests that are rejected."""
    said: list[Any] = folding.run(fold, events)
    return [one.request_id for one in said if getattr(one, "reason", None)]


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: plain(one)
            for key, one in value.items()
            if key not in UNSAID and not key.endswith("_ms")
        }
    if isinstance(value, list):
        return sorted(map(plain, value), key=repr)
    return value


@pytest.mark.parametrize("name", FOLDS)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_who_asks_late_asked_in_time_or_never(name: str, data: st.DataObject) -> None:
    fold, before, requests = FOLDS[name]
    asked = data.draw(requests)
    late = data.draw(st.integers(0, len(asked) - 1))
    without = [one for n, one in enumerate(asked) if n != late]
    # A request that was refused says nothing of what its person wants now.
    assume(not rejected(fold, [*before, *without]) and not rejected(fold, [*before, *asked]))
    in_time = state(fold, [*before, *asked])
    never = state(fold, [*before, *without])
    found = state(fold, [*before, *without, asked[late]])
    assert found in (in_time, never)
