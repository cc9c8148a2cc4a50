"""`lahstats demo --people`: a made-up year in the product's topics and tables.

Groups and profiles are asked for on their topics. Sessions are written through the sink's own code.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.kafka.publisher import KafkaPublisher, publish_events
from adapters.objects.lexicons import shipped_lexicon
from adapters.process.clock import Clock, unix_ms
from adapters.settings import Settings
from adapters.warehouse import Number, Warehouse
from consumers.rollup.cohorts import Cohorts
from consumers.rollup.step import Rollup
from consumers.runtime.outcome import Done, Record
from consumers.sink.step import Sink
from deploy.batches import batches
from deploy.seeding.evening_events import sink_records
from deploy.seeding.year import SEED, ZONE, Person, Table, Talk, tables, talks
from deploy.waiting import until
from producers.gateway import request_events
from producers.gateway.request_events import ClientRequest, GroupChange
from producers.gateway.request_models import ProfileBody
from schemas import topics
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import UserId, derived_id
from schemas.limits import HOUR_MS
from schemas.people_events import GroupAction
from schemas.word_events import WarehouseChanged

TOGETHER = 50
"""Sessions a batch of the sink."""
AWAIT_S = 60.0
GROUPS_WITH_MEMBERS = """
SELECT count() AS n FROM groups FINAL
WHERE group_id IN {wanted:Array(String)} AND length(members) > 1
"""
Progress = Callable[[int, int], None]
"""Gets the sessions that are written, and all of them."""


@dataclass(frozen=True)
class Seeded:
    """How much of a year there is now; `you` is the user that the demo's commands act as."""

    people: int
    groups: int
    sessions: int
    words: int
    you: str


def seed(settings: Settings, progress: Progress) -> Seeded:
    """Make the year. Blocking, about a minute; repeatable: it is the same year again.

    `progress` is called after every batch of sessions. Groups and profiles are real: users may
    join, leave and rename. Raises TimeoutError when their folds do not answer.
    """
    lexicon = shipped_lexicon()
    groups = tables([entry.word for entry in lexicon.words])
    _send_requests(settings, groups)
    warehouse = Warehouse(settings)
    year = list(talks(groups, datetime.now(UTC).date()))
    write_year(warehouse, year, lexicon.version, unix_ms, progress)
    _await_groups(warehouse, [table.group_id for table in groups])
    warehouse.close()
    return Seeded(
        people=sum(len(table.members) for table in groups),
        groups=len(groups),
        sessions=len(year),
        words=sum(len(talk.said) for talk in year),
        you=groups[0].members[0].user_id,
    )


def write_year(
    warehouse: Warehouse, year: Sequence[Talk], lexicon: str, clock: Clock, progress: Progress
) -> None:
    """Write the sessions as rows, and what the rollup makes of them. Blocking."""
    sink = Sink(warehouse, clock)
    changes: list[Record] = []
    written = 0
    for batch in batches(iter(year), TOGETHER):
        changes += _write(sink, batch, lexicon)
        written += len(batch)
        progress(written, len(year))
    rollup = Rollup(warehouse, Cohorts(warehouse, clock, ZONE))
    rollup.process(changes)
    rollup.keep_house()


def _write(sink: Sink, evenings: Sequence[Talk], lexicon: str) -> list[Record]:
    """Write the rows of some talks. Return the changes that the rollup reads."""
    records: list[Record] = []
    for talk in evenings:
        records += sink_records(talk, lexicon)
    changes: list[Record] = []
    for outcome in sink.process(records):
        if isinstance(outcome, Done):
            changes += _changes(outcome)
    return changes


def _changes(outcome: Done) -> list[Record]:
    found: list[Record] = []
    for topic, event in outcome.events:
        if isinstance(event, WarehouseChanged):
            record = Record(topic, 0, 0, event)
            found.append(record)
    return found


def _send_requests(settings: Settings, groups: Sequence[Table]) -> None:
    events: list[tuple[Topic, Event]] = []
    for table in groups:
        events += requests(table)
    with closing(KafkaPublisher(settings.kafka)) as publisher:
        publish_events(publisher, events)


def requests(table: Table) -> list[tuple[Topic, Event]]:
    """Requests of its people, in order: the group, memberships, a profile for each."""
    profiles = [_profile(person) for person in table.members]
    return [*_memberships(table), *profiles]


def _request(person: Person, *about: object) -> ClientRequest:
    """A request of a person. Its id follows from what it is about: a repeat is the same one."""
    request_id = derived_id("Seeded", SEED, person.user_id, *about)
    return ClientRequest(request_id, UserId(person.user_id), unix_ms())


def _memberships(table: Table) -> list[tuple[Topic, Event]]:
    """The first person makes the group, the others join it by its invite."""
    invite = derived_id("SeededInvite", table.group_id)
    create = GroupChange(
        GroupAction.CREATE,
        name=table.name,
        invite=invite,
        invite_until_ms=unix_ms() + HOUR_MS,
    )
    join = GroupChange(GroupAction.JOIN, invite=invite)
    owner, *others = table.members
    joined = [_group_change(table, person, join) for person in others]
    return [_group_change(table, owner, create), *joined]


def _group_change(table: Table, person: Person, change: GroupChange) -> tuple[Topic, Event]:
    request = _request(person, table.group_id)
    event = request_events.change_group(request, table.group_id, change)
    return topics.GROUPS_REQUESTED, event


def _profile(person: Person) -> tuple[Topic, Event]:
    body = ProfileBody(display_name=person.name, on_board=person.on_board, findable=person.on_board)
    request = _request(person, "profile")
    return topics.USERS_REQUESTED, request_events.change_profile(request, body)


def _await_groups(warehouse: Warehouse, wanted: Sequence[str]) -> None:
    """Wait until every group has members in the warehouse."""

    def all_have_members() -> bool:
        (found,) = warehouse.query(GROUPS_WITH_MEMBERS, {"wanted": list(wanted)}, row=Number)
        return found.n >= len(wanted)

    until(
        all_have_members,
        bool,
        AWAIT_S,
        every_s=0.2,
        complaint="the groups are not in the warehouse yet: `lahstats status`",
    )
