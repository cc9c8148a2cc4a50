"""A session that time cannot change, by a defect: one dead letter says so, and others go on."""

from msgspec.structs import replace

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse
from schemas import stages, topics
from schemas.codec import encode
from schemas.event import Event
from schemas.ids import SessionId
from schemas.session_events import SessionErased, Tick
from streams.fold import Fold, Outputs, Run
from streams.host.batch import LARGE_BYTES, Decided, Decider
from streams.sessions.due import AGAIN_MS
from streams.sessions.state import unstarted
from streams.store import Store
from tests.golden import example_of

ODD = SessionId("odd")
OTHER = SessionId("other")
TOLD = (topics.DECIDED, example_of(SessionErased))


def run(_store: Store, event: Event) -> Outputs:
    """A fold with a defect that events of one session meet."""
    assert isinstance(event, Tick)
    if event.session_id == ODD:
        raise KeyError("a bug")
    return [TOLD]


def hoarding(store: Store, event: Event) -> Outputs:
    """Rows of the neighbours of that session are too large for any broker."""
    outputs = run(store, event)
    store.put(OTHER, replace(unstarted(OTHER), time_zone="x" * 20 * LARGE_BYTES))
    return outputs


def decider(fold: Run = run) -> Decider:
    return Decider(
        Fold(stages.SESSIONS, fold),
        lambda _partition, _key: None,
        {},
        Letters("sessions", lambda: 1),
        Fuse("sessions", lambda _sessions: {}),
    )


def tick(session: SessionId, n: int = 0) -> Fetched:
    now_ms = n * AGAIN_MS
    event = Tick(occurred_at_ms=now_ms, session_id=session, now_ms=now_ms)
    return Fetched(topics.INBOUND.name, 0, n, session.encode(), encode(event))


def letters(decided: Decided) -> int:
    dead = topics.INBOUND.dead_letters
    return sum(message.topic == dead for message in decided.outputs)


def test_a_session_that_meets_a_defect_at_each_tick_has_one_dead_letter() -> None:
    """Before, it had another one each ten seconds, for ever."""
    worker = decider()
    assert letters(worker.decide([tick(ODD), tick(ODD, 1)])) == 1
    later = worker.decide([tick(ODD, 2)])
    assert letters(later) == 0
    assert later.offsets == {(topics.INBOUND.name, 0): 3}


def test_the_ticks_of_others_go_on() -> None:
    worker = decider()
    for n in range(3):
        decided = worker.decide([tick(ODD, 2 * n), tick(OTHER, 2 * n + 1)])
        assert [one.topic for one in decided.outputs].count(topics.DECIDED.name) == 1
        assert decided.handled == 2


def test_the_letter_is_there_when_a_batch_is_decided_twice() -> None:
    """A batch is, when a row is too large: to find the event that makes it so."""
    assert letters(decider(hoarding).decide([tick(ODD), tick(OTHER, 1)])) == 2
