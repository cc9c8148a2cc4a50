"""`lahstats demo --people`: a made-up year in the product's topics and tables.

Groups and profiles are asked for on their topics. Sessions are written through the sink's own code.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from adapters.kafka.publisher import KafkaPublisher, publish_events
from adapters.objects.lexicons import shipped_lexicon
from adapters.process.clock import Clock, unix_ms
from adapters.settings import Settings
from adapters.warehouse import TypedRow, Warehouse
from consumers.rollup.cohorts import Cohorts
from consumers.rollup.step import Rollup
from consumers.runtime.outcome import Done, Record
from consumers.sink.step import Sink
from deploy.seeding.evening_events import sink_records
from deploy.seeding.year import SEED, ZONE, Person, Table, Talk, tables, talks
from deploy.waiting import until
from producers.gateway import request_events
from producers.gateway.request_events import ClientRequest, GroupChange
from producers.gateway.request_models import ProfileBody
from schemas import topics
from schemas.event import Event
from schemas.ids import UserId, derived_id
from schemas.people_events import GroupAction
from schemas.topics import Topic
from schemas.word_events import WarehouseChanged

TOGETHER = 50
"""Sessions a batch of the sink."""
AWAIT_S = 60.0
GROUPS_WITH_MEMBERS = """
SELECT count() AS n FROM groups FINAL
WHERE group_id IN {wanted:Array(String)} AND length(members) > 1
"""
Seen = Callable[[int, int], None]


class Number(TypedRow, frozen=True):
    """How many groups have members."""

    n: int


@dataclass(frozen=True)
class Seeded:
    """How much of a year there is now; `you` is the user that the demo's commands act as."""

    people: int
    groups: int
    sessions: int
    words: int
    you: str


def seed(settings: Settings, seen: Seen) -> Seeded:
    """Make the year. Blocking, about a minute; repeatable: it is the same year again.

    `seen(done, all)` is called after every batch of sessions. Groups and profiles are real: users
    may join, leave and rename. Raises TimeoutError when their folds do not answer.
    """
    lexicon = shipped_lexicon()
    found = tables([entry.word for entry in lexicon.words])
    _ask(settings, found)
    warehouse = Warehouse(settings)
    year = list(talks(found, datetime.now(UTC).date()))
    write_year(warehouse, year, lexicon.version, unix_ms, seen)
    _await_groups(warehouse, [table.group_id for table in found])
    warehouse.close()
    return Seeded(
        people=sum(len(table.members) for table in found),
        groups=len(found),
        sessions=len(year),
        words=sum(len(talk.said) for talk in year),
        you=found[0].members[0].user_id,
    )


def write_year(
    warehouse: Warehouse, year: Sequence[Talk], lexicon: str, clock: Clock, seen: Seen
) -> None:
    """Write the sessions as rows, and what the rollup makes of them. Blocking."""
    sink = Sink(warehouse, clock)
    changed: list[Record] = []
    for start in range(0, len(year), TOGETHER):
        changed += list(_sunk(sink, year[start : start + TOGETHER], lexicon))
        seen(min(start + TOGETHER, len(year)), len(year))
    Rollup(warehouse, clock, Cohorts(warehouse, clock, ZONE)).process(changed)


def _sunk(sink: Sink, some: Sequence[Talk], lexicon: str) -> Iterator[Record]:
    """The changes that the rollup reads."""
    records = chain.from_iterable(sink_records(talk, lexicon) for talk in some)
    for outcome in sink.process(list(records)):
        events = outcome.events if isinstance(outcome, Done) else ()
        for topic, event in events:
            if isinstance(event, WarehouseChanged):
                yield Record(topic, 0, 0, event)


def _ask(settings: Settings, found: Sequence[Table]) -> None:
    publisher = KafkaPublisher(settings.kafka)
    publish_events(publisher, list(chain.from_iterable(map(requests, found))))
    publisher.close()


def requests(table: Table) -> list[tuple[Topic, Event]]:
    """Requests of its people, in order: the group, memberships, a profile for each."""
    return [*_made(table), *(_introduced(person) for person in table.members)]


def _asked(person: Person, *what: object) -> ClientRequest:
    return ClientRequest(
        derived_id("Seeded", SEED, person.user_id, *what), UserId(person.user_id), unix_ms()
    )


def _made(table: Table) -> list[tuple[Topic, Event]]:
    invite = derived_id("SeededInvite", table.group_id)
    create = GroupChange(
        GroupAction.CREATE,
        name=table.name,
        invite=invite,
        invite_until_ms=unix_ms() + 3600_000,
    )
    join = GroupChange(GroupAction.JOIN, invite=invite)
    owner, *others = table.members
    changes = [(owner, create), *((person, join) for person in others)]
    events = [
        request_events.change_group(_asked(person, table.group_id), table.group_id, change)
        for person, change in changes
    ]
    return [(topics.GROUPS_REQUESTED, event) for event in events]


def _introduced(person: Person) -> tuple[Topic, Event]:
    body = ProfileBody(display_name=person.name, on_board=person.on_board, findable=person.on_board)
    return topics.USERS_REQUESTED, request_events.change_profile(_asked(person, "profile"), body)


def _await_groups(warehouse: Warehouse, wanted: Sequence[str]) -> None:
    """Wait until every group has members in the warehouse."""

    def ready() -> int:
        [found] = warehouse.query(GROUPS_WITH_MEMBERS, {"wanted": list(wanted)}, row=Number)
        return found.n

    until(
        ready,
        lambda count: count >= len(wanted),
        AWAIT_S,
        every_s=0.2,
        complaint="the groups are not in the warehouse yet: `lahstats status`",
    )
