"""Dead letters of the consumers' loop, and the fuse that they open."""

import pytest
from msgspec.structs import replace

from adapters.kafka.fuse import LEAST_FAILED, FuseOpened
from adapters.kafka.publisher import MOST_BYTES
from consumers.runtime.outcome import DeadLettered, Done, Outcome
from schemas import topics
from schemas.codec import decode, encode
from schemas.letter_events import LetterWritten
from schemas.rejections import Header, Reason
from schemas.word_events import WarehouseChanged
from tests.consumer_loop import Broker, Work, loop_of, message, of, run


def test_a_defect_that_one_message_meets_is_its_dead_letter() -> None:
    def fails() -> list[Outcome]:
        raise ZeroDivisionError

    broker = run([[message()]], fails)
    letter, written = broker.sent
    assert letter.headers[Header.REASON] == Reason.STEP_FAILED
    assert letter.headers[Header.DETAIL] == "ZeroDivisionError"
    event = decode(topics.LETTERS, written.value)
    assert isinstance(event, LetterWritten)
    assert (event.session_id, event.reason, event.offset) == ("s", Reason.STEP_FAILED, 5)
    assert broker.history[-1] == "commit 6"


def test_an_output_that_no_broker_takes_is_a_dead_letter_and_its_neighbours_go_on() -> None:
    """Before, the stage ended with it, and met the message again at each start."""
    days = ("2026-01-01",) * (MOST_BYTES // len("2026-01-01"))
    small = WarehouseChanged(occurred_at_ms=1, caused_by="c", days=days[:1], users=())
    large = replace(small, days=days)
    outcomes = iter([Done(((topics.WAREHOUSE_CHANGED, event),)) for event in (large, small)])
    broker = run([[of(1, 1), of(2, 2)]], lambda: [next(outcomes)])
    letter, written, changed = broker.sent
    assert letter.headers[Header.REASON] == Reason.STEP_FAILED
    assert letter.headers[Header.DETAIL].endswith(f" bytes for {topics.WAREHOUSE_CHANGED.name}")
    assert written.topic == topics.LETTERS.name
    assert changed.value == encode(small)
    assert broker.history[-1] == "commit 3"


def test_what_is_not_an_event_is_a_dead_letter_with_its_place() -> None:
    broker = run([[message(7, b"nonsense")]], list)
    letter, written = broker.sent
    assert written.topic == topics.LETTERS.name
    assert (letter.value, letter.headers[Header.REASON], letter.headers[Header.OFFSET]) == (
        b"nonsense",
        Reason.NOT_JSON,
        "7",
    )
    assert broker.history[-1] == "commit 8"


def test_what_is_not_an_event_takes_nobodys_place_in_a_batch() -> None:
    """Before, 100 such messages took two of three places in 50 batches of windows."""
    nonsense = [message(offset, b"nonsense") for offset in range(9)]
    broker = run([[*nonsense, message(9), message(10)]], lambda: [Done()])
    worked = [step for step in broker.history if step == "effect" or step.startswith("commit")]
    assert worked == ["effect", "commit 10", "effect", "commit 11"]


def lettered() -> list[Outcome]:
    return [DeadLettered(Reason.OBJECT_MISSING, "")]


def test_dead_letters_of_many_sessions_open_the_fuse() -> None:
    broker = Broker([[of(n, n)] for n in range(LEAST_FAILED)])
    broker.loop = loop_of(broker, Work(broker.history, lettered))
    with pytest.raises(FuseOpened):
        broker.loop.run()
    assert broker.history[-1] == "effect"  # the message that opened it is not committed


@pytest.mark.parametrize("value", [None, b"no event"])
def test_a_hundred_dead_letters_of_one_session_do_not(value: bytes | None) -> None:
    broker = run([[of(1, n, value)] for n in range(100)], lettered)
    assert len(broker.sent) == 200


def test_a_batch_that_opens_the_fuse_is_not_drained() -> None:
    broker = Broker([[of(n, n, b"no event") for n in range(100)]])
    work = Work(broker.history, lettered)
    work.batch_size = 100
    broker.loop = loop_of(broker, work)
    with pytest.raises(FuseOpened):
        broker.loop.run()
    assert (broker.sent, broker.history) == ([], [])
