"""All consumer groups go back to offset 0: no total changes, and nothing erased comes back.

One replay shows both. It works on every window again, and starts every stage.
"""

from dataclasses import dataclass

import pytest

from adapters.objects.s3 import S3BlobStore
from adapters.warehouse import Warehouse
from deploy.demo.api_client import ApiClient
from deploy.demo.playback import OWNER, Played
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from tests.integration.conftest import short
from tests.integration.erased_data import objects, rows
from tests.integration.people import Person, counts_of

# It replays all that the stack ever did, which is little at first.
pytestmark = pytest.mark.early(rank=0)
Read = list[dict[str, object]]


@dataclass(frozen=True)
class Replayed:
    """The stack after the replay, with what was read before it."""

    stack: RunningStack
    played: Played
    before: Read
    owner: Person
    counts: int
    erased: str


@pytest.fixture(scope="module")
def replayed(stack: RunningStack, undisturbed: Played) -> Replayed:
    """One of those who were heard records a session, claims a voice of it, and erases it."""
    owner = Person(stack.settings, heard_in(undisturbed)[0])
    counts = counts_of(owner)
    erased = short(stack, owner, None)
    owner.done("POST", f"/v1/sessions/{erased}/claims", {"speaker": "S1", "claim": "self"})
    until(lambda: counts_of(owner), lambda now: now > counts)
    owner.done("DELETE", f"/v1/sessions/{erased}")
    until(lambda: counts_of(owner), counts.__eq__)
    stack.await_quiet()
    before = read(stack, undisturbed)
    assert stack.replay_everything() > 100
    stack.await_quiet()
    return Replayed(stack, undisturbed, before, owner, counts, erased)


def heard_in(played: Played) -> list[str]:
    """The users to whom the voices of the session belong."""
    return [f"demo-{played.session_id}-{n + 1}" for n in range(len(played.speakers))]


def read(stack: RunningStack, played: Played) -> Read:
    """Totals of all who were heard, and the results of the session."""
    totals = [
        ApiClient(stack.settings, user).get("/v1/users/me/stats?period=all")
        for user in heard_in(played)
    ]
    results = ApiClient(stack.settings, OWNER).get(f"/v1/sessions/{played.session_id}/results")
    return [*totals, results]


def test_a_replay_from_offset_0_leaves_all_totals(replayed: Replayed) -> None:
    assert len(replayed.before) == 3
    assert read(replayed.stack, replayed.played) == replayed.before


def test_a_replay_brings_nothing_back(replayed: Replayed) -> None:
    warehouse = Warehouse(replayed.stack.settings)
    blobs = S3BlobStore(replayed.stack.settings)
    assert objects(blobs, replayed.erased) == []
    assert rows(warehouse, "session_id", replayed.erased) == {}
    assert counts_of(replayed.owner) == replayed.counts
    assert rows(warehouse, "session_id", replayed.played.session_id)
    warehouse.close()
