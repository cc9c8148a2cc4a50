"""A letter about a request of somebody who erased everything since is not sent back."""

import dataclasses
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from consumers.dlq.people import refuse_of_who_left
from schemas.claim_events import (
    ClaimRequested,
    ForgetRequested,
    ReleaseRequested,
    TagRequested,
    VerdictRequested,
)
from schemas.codec import encode
from schemas.event import Event
from schemas.people_events import GroupAction, GroupChangeRequested
from schemas.phone_events import ChunkUploaded, SessionStarted
from schemas.session_requests import EraseRequested, MergeRequested
from tests.golden import example_of
from tests.unit.test_letters import letter_about

KINDS: list[type[Event]] = [
    ClaimRequested,
    TagRequested,
    VerdictRequested,
    MergeRequested,
    SessionStarted,
    ChunkUploaded,
    GroupChangeRequested,
]


class Left:
    """Everybody left at a moment. Notes who was asked about."""

    def __init__(self, at_ms: int) -> None:
        self._at_ms = at_ms
        self.asked: list[str] = []

    def __call__(self, users: Sequence[str]) -> int:
        self.asked += users
        return self._at_ms


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_asked_before_its_person_left_is_not_sent_back(kind: type[Event]) -> None:
    """Before, a claim of somebody who was erased held until the next daily look."""
    letter = letter_about(kind.__name__)
    at_ms = example_of(kind).occurred_at_ms
    with pytest.raises(ValueError, match="erased everything since"):
        refuse_of_who_left(letter, Left(at_ms + 1))
    refuse_of_who_left(letter, Left(at_ms))


def test_nor_is_what_names_them() -> None:
    left = Left(0)
    refuse_of_who_left(letter_about("TagRequested"), left)
    tag = example_of(TagRequested)
    assert left.asked == [tag.by, tag.user_id]


@pytest.mark.parametrize("kind", [ForgetRequested, EraseRequested, ReleaseRequested])
def test_what_takes_something_of_theirs_away_is_sent_back(kind: type[Event]) -> None:
    left = Left(1 << 60)
    refuse_of_who_left(letter_about(kind.__name__), left)
    assert not left.asked


def test_a_member_who_is_to_be_forgotten_is() -> None:
    request = replace(example_of(GroupChangeRequested), action=GroupAction.ERASE_MEMBER)
    letter = dataclasses.replace(letter_about("GroupChangeRequested"), value=encode(request))
    refuse_of_who_left(letter, Left(1 << 60))


@pytest.mark.parametrize("name", ["WindowReady", "SessionListing", "UserChangeRequested"])
def test_nobody_is_asked_for_about_other_letters(name: str) -> None:
    left = Left(1 << 60)
    refuse_of_who_left(letter_about(name), left)
    assert not left.asked
