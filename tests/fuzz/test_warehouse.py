"""Mutated events through the sink into a real ClickHouse, and every question of the read side.

Each row is written or refused alone. Whatever is written, nobody who reads it gets a server error.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, cast

import pytest

from adapters.warehouse import Warehouse
from api.app import build
from api.dependencies import provide
from api.main import services
from api.shares import drawing
from consumers.runtime.bisected import bisected
from consumers.runtime.outcome import DeadLettered, Record
from consumers.sink.step import Sink
from schemas import stages
from schemas.codec import decode
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.people_events import GroupListing
from schemas.rejections import Reason, Rejected
from schemas.session_rows import SessionListing
from tests.documents import routes
from tests.fuzz.mutations import altered
from tests.fuzz.test_events import WORLDS, bodies
from tests.gateway_fakes import Client, NamedUsers
from tests.golden import EXAMPLES
from tests.guide.memory_stack import clock
from tests.guide.phone import OWNER, SESSION
from tests.integration.served import filled
from tests.memory_blob_store import MemoryBlobStore

EVENTS = int(os.environ.get("FUZZ_EVENTS", "2000"))
FIRST = int(os.environ.get("FUZZ_SEED", "1"))
BATCH = 100
READS = stages.SINK.reads
LISTED = next(event for _, event in EXAMPLES if isinstance(event, SessionListing))
GROUP = next(event for _, event in EXAMPLES if isinstance(event, GroupListing))
ABOUT = {
    "session_id": SESSION,
    "group_id": GROUP.group_id,
    "request_id": SESSION,
    "secret": "a" * 26,
}


class Presigned(MemoryBlobStore):
    """With addresses of clips."""

    def presign(self, key: str) -> str:
        """An address that nobody asks for."""
        return f"/store/{key}"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """It has the rows of two sessions, and of all examples."""
    with filled(tmp_path_factory.mktemp("fuzzed")) as served:
        said = [*EXAMPLES, *(sent for world in WORLDS for sent in world.log)]
        written(Sink(served, clock), [(on, event) for on, event in said if on in READS])
        statuses = Counter(status for status, _ in answers(served))
        print(f"before: {dict(statuses)}")
        assert statuses[200] > statuses.total() / 3, "members get answers, and strangers none"
        yield served


def written(sink: Sink, said: list[tuple[Topic, Event]]) -> Counter[str]:
    """The number of events by what became of them."""
    records = [Record(topic, 0, place, event) for place, (topic, event) in enumerate(said)]
    found = Counter[str]()
    for first in range(0, len(records), BATCH):
        for outcome in bisected(sink, records[first : first + BATCH], lambda *_: None):
            found[outcome.reason if isinstance(outcome, DeadLettered) else "written"] += 1
    return found


def events(topic: Topic) -> Iterator[tuple[Topic, Event]]:
    """Those of the mutated ones that a stage reads at all."""
    samples = bodies(topic)
    for seed in range(FIRST, FIRST + EVENTS):
        try:
            yield topic, decode(topic, altered(seed, samples))
        except Rejected:
            continue


def reader(warehouse: Warehouse) -> Client:
    app = build()
    objects = Presigned()
    for key, body in WORLDS[0].objects.items():
        objects.put(key, body, "")
    door = cast(Any, None)
    today = date(2025, 11, 25)
    provide(app, services(warehouse, objects, NamedUsers(), door, lambda: today, drawing.png))
    return Client(app)


def answers(warehouse: Warehouse) -> Iterator[tuple[int, str]]:
    """Status and text of each question, for each who may ask."""
    client = reader(warehouse)
    asked = {"session_ids": f"{SESSION},{LISTED.session_id}", "q": "a", "text": "a"}
    for method, path in sorted(routes(build().openapi())):
        if method != "GET" or path.endswith("/events"):
            continue
        for user in (OWNER, LISTED.owner, GROUP.owner):
            headers = {"Authorization": f"Bearer {user}"}
            answer = client.request("GET", path.format(**ABOUT), params=asked, headers=headers)
            yield answer.status_code, f"{path}: {answer.text[:500]}"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("topic", READS, ids=[one.name for one in READS])
def test_every_row_is_written_or_refused_and_can_be_read(
    warehouse: Warehouse, topic: Topic
) -> None:
    found = written(Sink(warehouse, clock), list(events(topic)))
    print(f"{topic.name} from seed {FIRST}: {dict(found)}")
    assert found.keys() <= {"written", Reason.ROW_REFUSED, Reason.MALFORMED_EVENT}
    assert found["written"]
    assert not [text for status, text in answers(warehouse) if status >= 500]
