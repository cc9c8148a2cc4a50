"""A recount asks for every session once, however many there are."""

from collections.abc import Sequence

from adapters.kafka.publisher import Outgoing
from deploy.cli.recounting import AT_ONCE, ask


class Recorder:
    """Stands for the publisher: what was published together."""

    def __init__(self) -> None:
        self.calls: list[Sequence[Outgoing]] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.calls.append(messages)


def test_requests_are_published_some_at_a_time() -> None:
    """Before, all went to the client at once, which has room for a hundred thousand."""
    publisher = Recorder()
    sessions = [f"s{n}" for n in range(2 * AT_ONCE + 1)]
    ask(publisher, sessions, "2")
    keys = [message.key for call in publisher.calls for message in call]
    assert keys == [session.encode() for session in sessions]
    assert max(len(call) for call in publisher.calls) == AT_ONCE
