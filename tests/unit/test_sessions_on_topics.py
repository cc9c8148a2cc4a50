"""The reader of answers, by which tests and faults judge the sessions fold."""

from adapters.kafka.fetched import Fetched
from deploy.uuid7 import new_session_id
from schemas import topics
from schemas.codec import encode
from schemas.ids import UserId
from schemas.phone_events import SessionEnded
from tests.sessions_on_topics import Answers

ENDED = SessionEnded(occurred_at_ms=1, session_id=new_session_id(), owner=UserId("mei"), chunks=1)


def test_it_reads_on_behind_a_message_that_is_no_event() -> None:
    answers = Answers("nowhere")
    for offset, value in enumerate((b"no event", None, encode(ENDED))):
        answers._note(Fetched(topics.INBOUND.name, 0, offset, b"key", value))
    assert list(answers.times_seen) == [(topics.INBOUND.name, ENDED.event_id)]
