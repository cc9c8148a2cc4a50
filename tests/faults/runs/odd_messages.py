"""Messages and rows that no stage can handle: they alone become dead letters."""

from collections.abc import Sequence

from adapters.kafka.fuse_gate import Fuses
from adapters.kafka.publisher import Outgoing, outgoing
from adapters.warehouse import TypedRow, Warehouse
from deploy.benchmark.event_load import counted
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from schemas import topics
from schemas.ids import SessionId, UserId
from schemas.phone_events import SessionEnded
from schemas.rejections import Reason
from tests.faults.registry import fault
from tests.faults.scene import Scene, publish

POISON = 100
"""Messages on one topic: a fuse that counted messages would open ten times."""
ODDEST = (None, b'{"a":' * 50_000, b"x" * 999_800)
"""Nothing; objects within one another; bytes that leave no room for the headers of a letter."""
FORGOTTEN = 40
"""Sessions: a fuse that counted them would open."""
OF_SESSION = """
SELECT count() AS n FROM dead_letters FINAL
WHERE session_id IN {sessions:Array(String)} AND reason = {reason:String}
"""


class Number(TypedRow, frozen=True, kw_only=True):
    """A number of rows."""

    n: int


def await_letters(scene: Scene, sessions: Sequence[str], reason: Reason, least: int) -> None:
    """Blocks until the warehouse has the dead letters. Raises AssertionError for an open fuse."""
    warehouse = Warehouse(scene.stack.settings)
    values = {"sessions": sessions, "reason": reason}
    until(
        lambda: warehouse.query(OF_SESSION, values, row=Number)[0].n,
        lambda found: found >= least,
        scene.final_s,
    )
    warehouse.close()
    opened = Fuses(scene.stack.settings.kafka).open_ones()
    assert not opened, f"open fuses: {sorted(opened)}"


@fault(
    "poison-of-one-session",
    rows=("13", "26", "T2"),
    injected=f"{POISON} messages that are none, under the key of one session, on three topics; "
    "one is empty, one deep, and one as large as a message may be",
)
def poison_of_one_session(scene: Scene) -> None:
    session = new_session_id()
    poisoned = (topics.INBOUND, topics.WINDOW_READY, topics.COUNTED)
    readers = sum(len(topic.readers) for topic in poisoned)
    bodies = [*ODDEST, *[b"no event"] * (POISON - len(ODDEST))]
    publish(
        scene.stack.settings,
        [Outgoing(topic.name, session.encode(), body) for topic in poisoned for body in bodies],
    )
    await_letters(scene, [session], Reason.NOT_JSON, POISON * readers)


@fault(
    "forgotten-sessions",
    rows=("T16",),
    injected=f"messages of {FORGOTTEN} sessions whose beginning the log has lost",
)
def forgotten_sessions(scene: Scene) -> None:
    sessions = [new_session_id() for _ in range(FORGOTTEN)]
    ended = [
        SessionEnded(
            occurred_at_ms=1, session_id=SessionId(session), owner=UserId("nobody"), chunks=1
        )
        for session in sessions
    ]
    publish(scene.stack.settings, [outgoing(topics.INBOUND, event) for event in ended])
    await_letters(scene, sessions, Reason.UNKNOWN_SESSION, FORGOTTEN)


@fault(
    "impossible-days",
    rows=("T1", "26"),
    injected="counts of days of the years 1, 1969, 2150 and 9999 among those of others",
)
def impossible_days(scene: Scene) -> None:
    years = ("0001", "1969", "2150", "9999")
    events = [counted(["lah"], f"{year}-06-01") for year in years]
    publish(scene.stack.settings, [outgoing(topics.COUNTED, event) for event in events])
    sessions = [event.session_id for event in events]
    await_letters(scene, sessions, Reason.ROW_REFUSED, len(years))
