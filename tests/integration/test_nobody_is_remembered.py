"""A person left and retention is over: no table, topic or object has their id any more."""

from collections.abc import Iterator

import pytest

from adapters.warehouse import Warehouse
from consumers.rollup.cohorts import Cohorts
from consumers.rollup.step import Rollup
from consumers.runtime.outcome import Record, Step
from consumers.sink.step import Sink
from schemas import codec, erasure, stages, topics
from schemas.claim_events import ClaimKind, ClaimRequested, TagAnswered, TagRequested
from schemas.erasure import OnLog
from schemas.ids import UserId
from schemas.partitions import key_of
from schemas.people_events import (
    GroupAction,
    GroupChangeRequested,
    ShareRequested,
    UserChangeDecided,
    UserChangeRequested,
    UserErasureRequested,
)
from schemas.retention import MARKS_MS
from schemas.session_events import Tick
from schemas.session_requests import EraseRequested
from tests.guide import memory_stack
from tests.guide.memory_stack import NOW_MS, clock
from tests.guide.phone import OWNER, SESSION
from tests.integration.served import filled
from tests.recorded_stack import ANN, S1, S2, Recording

DAY = "2025-11-24"
TABLES = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%Tree'"
LATER_MS = NOW_MS + MARKS_MS + 3_600_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("forgotten")) as found:
        yield found


class Whole(Recording):
    """The memory stack over a real warehouse, with the stage `rollup`."""

    def __init__(self, warehouse: Warehouse) -> None:
        super().__init__()
        self.warehouse = warehouse  # type: ignore[assignment]
        self._steps = self._consumers()

    def _consumers(self) -> list[Step]:
        cohorts = Cohorts(self.warehouse, clock, "UTC")
        return [*super()._consumers(), Rollup(self.warehouse, cohorts)]


def lived(warehouse: Warehouse) -> Whole:
    """A session of two people with names, shares and a group; both are in every published cell.

    Its moments are long ago. Rows that a table keeps for days would leave by themselves, some
    moment: an erasure that left them would be seen now and then only.
    """
    warehouse.command("SYSTEM STOP TTL MERGES")
    for row in warehouse.query(TABLES):
        if row["name"] not in ("lexicon", "lexicon_versions", "migrations"):
            warehouse.command(f"TRUNCATE TABLE {row['name']}")
    on = Whole(warehouse)
    on.phone.start()
    for seq in range(2):
        on.phone.chunk(seq)
    on.phone.stop(2)
    for user in (OWNER, ANN):
        on.ask(UserChangeRequested, user_id=user, display_name="Somebody", on_board=True)
        on.ask(ShareRequested, user_id=user, share=f"s-{user}", first=DAY, last=DAY, show_name=True)
        action = GroupAction.CREATE if user == OWNER else GroupAction.JOIN
        about = {"group_id": "g", "invite": "i", "invite_until_ms": LATER_MS}
        on.ask(GroupChangeRequested, by=user, action=action, name="Kopi", **about)
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF)
    on.ask(TagRequested, speaker=S2, by=OWNER, user_id=ANN)
    on.ask(TagAnswered, speaker=S2, by=ANN)
    published(warehouse)
    return on


def published(warehouse: Warehouse) -> None:
    """Figures and a snapshot of five people, the two among them."""
    users = f"['{OWNER}', '{ANN}', 'p1', 'p2', 'p3']"
    fives = "[1, 1, 1, 1, 1]"
    for table, row in {
        "published_words": f"'{DAY}', 'lah', {users}, {fives}, 1",
        "published_days": f"'{DAY}', {users}, {fives}, 1, 1",
        "published_months": f"'2025-11-01', 'lah', {users}, {fives}, {fives}, 1",
        "cohorts": "'2024-01-01', '2024-12-31', 1, now64(3), [1], [5]",
    }.items():
        warehouse.command(f"INSERT INTO {table} SELECT {row}")
    in_cohort = f"'2024-01-01', '2024-12-31', arrayJoin({users}), 1, 1, 0"
    warehouse.command(f"INSERT INTO cohort_people SELECT {in_cohort}")


def leaves(on: Whole, user: UserId) -> None:
    """As the gateway asks for it: their own sessions first."""
    if user == OWNER:
        on.ask(EraseRequested, by=user)
    on.ask(UserErasureRequested, user_id=user)


def in_tables(warehouse: Warehouse, user: UserId) -> set[str]:
    """Tables with the id in any column of any row, of a former version too."""
    found = set()
    for row in warehouse.query(TABLES):
        asked = (
            f"SELECT count() AS n FROM {row['name']} "  # noqa: S608 - our own tables
            "WHERE position(toString(tuple(*)), concat('\\'', {u:String}, '\\'')) > 0"
        )
        if warehouse.query(asked, {"u": user})[0]["n"]:
            found.add(row["name"])
    return found


def in_topics(on: Whole, user: UserId) -> set[str]:
    """Compacted topics whose newest value of any key has the id, in the key or in the value.

    The others have lost everything: their retention is shorter.
    """
    newest = {
        (topic.name, key_of(topic, event)): codec.encode(event)
        for topic, event in on.log
        if topic.compacted
    }
    return {
        name
        for (name, key), value in newest.items()
        if user in key.split(":") or f'"{user}"'.encode() in value
    }


def in_objects(on: Whole, user: UserId) -> set[str]:
    """Keys of objects with the id in their key or in their bytes."""
    contents = on.blobs.contents().items()
    return {key for key, body in contents if user in key.split("/") or f'"{user}"'.encode() in body}


def merge(warehouse: Warehouse) -> None:
    """As the engine does within a day, and with what is older than a table keeps."""
    warehouse.command("SYSTEM START TTL MERGES")
    for row in warehouse.query(TABLES):
        warehouse.command(f"OPTIMIZE TABLE {row['name']} FINAL")


STAYING_TOPICS = {name for name, rule in erasure.TOPICS.items() if rule.person is OnLog.STAYS}
"""By the erasure table, with its reason."""


def replay(on: Whole) -> None:
    """As a sink whose offsets were set back: everything that it ever read, at once."""
    sink = Sink(on.warehouse, clock)
    reads = stages.BY_NAME[sink.name].reads
    told = [Record(topic, 0, n, event) for n, (topic, event) in enumerate(on.log) if topic in reads]
    sink.process(told)


@pytest.mark.parametrize("user", [OWNER, ANN])
def test_a_replay_brings_nobody_back_for_longer_than_a_day(
    server: Warehouse, user: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = lived(server)
    leaves(on, user)
    marks = {"erased_users", "sessions"} if user == OWNER else {"erased_users"}
    assert in_tables(server, user) == marks
    replay(on)
    published(server)  # as a rollup that was late
    assert in_tables(server, user) >= {"group_members", "users", "cohort_people", *marks}
    monkeypatch.setattr(memory_stack, "NOW_MS", NOW_MS + 25 * 3_600_000)
    on.ask(Tick, now_ms=NOW_MS + 25 * 3_600_000)
    on.publish(topics.USERS_DECIDED, on.said(UserChangeDecided)[0])
    assert in_tables(server, user) == marks


def test_what_is_sent_back_to_the_folds_is_released_within_two_days(
    server: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim and a request to join had waited among the dead letters until their person left.

    The claim is older, so it is not theirs any more. The moment of the join is within what clocks
    differ by.
    """
    on = lived(server)
    leaves(on, ANN)
    claim = ClaimRequested(
        session_id=SESSION,
        occurred_at_ms=NOW_MS - 1,
        request_id="late",
        by=ANN,
        speaker=S2,
        kind=ClaimKind.SELF,
    )
    on.publish(topics.CLAIMS_REQUESTED, claim)
    joining = GroupChangeRequested(
        group_id="g",
        occurred_at_ms=NOW_MS - 1,
        request_id="late",
        by=ANN,
        action=GroupAction.JOIN,
        invite="i",
    )
    on.publish(topics.GROUPS_REQUESTED, joining)
    named = in_tables(server, ANN)
    assert named >= {"group_members", "groups"}
    assert named.isdisjoint({"claims", "user_days"})
    for hours in (25, 50):
        monkeypatch.setattr(memory_stack, "NOW_MS", NOW_MS + hours * 3_600_000)
        on.publish(topics.USERS_DECIDED, on.said(UserChangeDecided)[0])
    assert in_tables(server, ANN) == {"erased_users"}
    assert {name for name, rows in on.tables.items() if ANN in str(list(rows.values()))} == set()


@pytest.mark.parametrize("user", [OWNER, ANN])
def test_nothing_has_the_id_of_a_person_who_left(
    server: Warehouse, user: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = lived(server)
    assert len(in_tables(server, user)) > 8
    assert in_topics(on, user) >= {"users.directory.v1", "groups.directory.v1"}
    leaves(on, user)
    monkeypatch.setattr(memory_stack, "NOW_MS", LATER_MS)
    on.ask(Tick, now_ms=LATER_MS)
    merge(server)
    assert in_tables(server, user) == set()
    assert in_topics(on, user) == STAYING_TOPICS == {"users.directory.v1"}
    assert in_objects(on, user) == set()
    assert on.dead_letters == []
