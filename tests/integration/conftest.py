"""A table of friends: a group, a recording of theirs, and people who may and may not see it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile as sf

from adapters.warehouse import Warehouse
from deploy.demo.phone_session import FASTEST, About, record, steadily
from deploy.devstack.running_stack import RECORDINGS, RunningStack
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from producers.phone.client import Phone
from tests.integration.front_doors import Door, door_before_sides
from tests.integration.people import Person
from tests.integration.phones import RawPhone, flac
from tests.integration.served import filled

WHOLE = RECORDINGS / "traps_2spk.flac"
"""A recording of three windows."""
END_S = 15
"""Of it: one window, in which both people say words that are counted."""
ROLES = ("owner", "member", "tagged", "former", "stranger")


@dataclass(frozen=True)
class Scene:
    """Sessions and groups, and people in every relation to them.

    `session_id` was recorded by the owner in `group_id`; its first speaker is tagged and waits for
    the tagged person's answer. `other_id` is the owner's alone, and silent. `gone_id` is silent and
    will be erased. `spare_id` is a group that the member may leave.
    """

    stack: RunningStack
    people: dict[str, Person]
    group_id: str
    spare_id: str
    session_id: str
    other_id: str
    gone_id: str
    speakers: list[str]

    def user(self, role: str) -> str:
        """The id of who plays a role."""
        return self.people[role].user


def started(
    stack: RunningStack,
    owner: Person,
    group_id: str | None,
    audio: Path = WHOLE,
    keep_transcript_days: int = 30,
) -> str:
    """A recording played as a phone does, and heard; the session's id."""
    session_id = new_session_id()
    token = owner.token
    phone = Phone(stack.settings.url("gateway"), token)
    record(
        phone,
        session_id,
        audio,
        steadily(FASTEST),
        lambda _: None,
        About(group_id=group_id, keep_transcript_days=keep_transcript_days),
    )
    phone.close()
    ready(owner, session_id)
    return session_id


def short(
    stack: RunningStack, owner: Person, group_id: str | None, keep_transcript_days: int = 30
) -> str:
    """The end of the recording, as a session of its own: a third of the work of models."""
    path = the_end(stack.settings.data_dir)
    return started(stack, owner, group_id, path, keep_transcript_days)


def the_end(folder: Path) -> Path:
    """The end of the recording, as a file in that folder."""
    path = folder / "end.flac"
    if not path.exists():
        samples, rate = sf.read(WHOLE, dtype="int16")
        sf.write(path, samples[-END_S * rate :], rate)
    return path


def silent(stack: RunningStack, owner: Person, group_id: str | None = None) -> str:
    """A session in which nobody speaks; its id."""
    phone = RawPhone(stack.settings, owner.user)
    phone.start(group_id=group_id).raise_for_status()
    phone.chunk(0, flac(12)).raise_for_status()
    phone.complete(1).raise_for_status()
    ready(owner, phone.session_id)
    return phone.session_id


def ready(owner: Person, session_id: str, least_generation: int = 1) -> dict[str, object]:
    """Blocks until the session is final in that generation or a later one."""

    def is_ready(answer: dict[str, object]) -> bool:
        return (
            answer.get("state") in {"ready_for_claiming", "completed"}
            and int(str(answer["generation"])) >= least_generation
        )

    found: dict[str, object] = until(
        lambda: owner.get(f"/v1/sessions/{session_id}").json(), is_ready, 300
    )
    return found


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A warehouse of the module's own, with the product's tables and lexicon."""
    with filled(tmp_path_factory.mktemp("warehouse")) as found:
        yield found


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A front door of the module's own, before two sides that say what reached them."""
    with door_before_sides(tmp_path_factory.mktemp("door")) as found:
        yield found


@pytest.fixture(scope="session")
def scene(stack: RunningStack) -> Scene:
    """Made once; tests that change more than they put back make their own."""
    stamp = str(time.time_ns())
    people = {role: Person(stack.settings, f"{role}-{stamp}") for role in ROLES}
    owner = people["owner"]
    group = owner.done("POST", "/v1/groups", {"name": "Friday makan"})
    for role in ("member", "former"):
        people[role].done("POST", "/v1/groups/join", {"invite_code": group["invite_code"]})
    spare = owner.done("POST", "/v1/groups", {"name": "Spare"})
    people["member"].done("POST", "/v1/groups/join", {"invite_code": spare["invite_code"]})
    session_id = short(stack, owner, group["group_id"])
    other_id = silent(stack, owner)
    gone_id = silent(stack, owner, group["group_id"])
    owner.done("DELETE", f"/v1/groups/{group['group_id']}/members/{people['former'].user}")
    speakers = [
        speaker["speaker"]
        for speaker in owner.read(f"/v1/sessions/{session_id}/speakers")["speakers"]
    ]
    owner.done(
        "POST",
        f"/v1/sessions/{session_id}/claims",
        {"speaker": speakers[0], "claim": "user", "user_id": people["tagged"].user},
    )
    people["member"].done(
        "POST", f"/v1/sessions/{session_id}/claims", {"speaker": speakers[1], "claim": "self"}
    )
    until(
        lambda: people["tagged"].get(f"/v1/sessions/{session_id}/tags").status_code,
        lambda status: status == 200,
    )
    until(
        lambda: people["member"].get(f"/v1/groups/{spare['group_id']}").status_code,
        lambda status: status == 200,
    )
    until(
        lambda: people["former"].get(f"/v1/groups/{group['group_id']}").status_code,
        lambda status: status == 404,
    )
    return Scene(
        stack, people, group["group_id"], spare["group_id"], session_id, other_id, gone_id, speakers
    )
