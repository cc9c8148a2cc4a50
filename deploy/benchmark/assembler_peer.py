"""The peer of `lahstats benchmark assembler`: quixstreams hosts the sessions fold.

Run by the peer's own interpreter, which has quixstreams and msgspec and nothing else of ours:
`python -m deploy.benchmark.assembler_peer SETTINGS`, where SETTINGS is a JSON object.
"""

import sys
from collections.abc import Iterable
from typing import Any, cast

import msgspec
from quixstreams import Application, State
from quixstreams.models import SerializationContext, Serializer, Topic

from schemas import stages, topics
from schemas.codec import decode, encode
from streams.sessions.fold import shape
from streams.sessions.state import Rules
from streams.store import Store

COMMIT_EVERY = 1_000
COMMIT_INTERVAL_S = 0.5
"""By default it commits every 5 s: the last outputs of a trace would wait for that."""
Sent = tuple[str, bytes]
"""A topic's name and a message."""


class Peering(msgspec.Struct):
    """The argument of the peer. `prefix` precedes the names of its topics."""

    kafka: str
    prefix: str
    state_dir: str
    rules: Rules


class _QuixStore:
    """The fold's view of its table, over quixstreams' state of the message's key."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, key: str, kind: Any) -> Any:
        """Return the value at `key`; None when there is none."""
        body = self._state.get_bytes(key)
        return None if body is None else msgspec.json.decode(body, type=kind)

    def put(self, key: str, value: msgspec.Struct) -> None:
        """Set the value at `key`. A value equal to the table's is not written."""
        body = msgspec.json.encode(value)
        if body != self._state.get_bytes(key):
            self._state.set_bytes(key, body)

    def delete(self, key: str) -> None:
        """Remove the value at `key`."""
        self._state.delete(key)

    def set(self, key: str, value: msgspec.Struct | None) -> None:
        """Set the value at `key`, or remove it for None."""
        if value is None:
            self.delete(key)
        else:
            self.put(key, value)


class _Body(Serializer):  # type: ignore[misc]
    """Takes a pair of a topic's name and a message, and writes the message."""

    def __call__(self, value: Sent, ctx: SerializationContext) -> bytes:
        return value[1]


def main() -> int:
    """Block until SIGTERM."""
    told = msgspec.json.decode(sys.argv[1], type=Peering)
    app = Application(
        told.kafka,
        consumer_group=f"{told.prefix}peer",
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        commit_every=COMMIT_EVERY,
        commit_interval=COMMIT_INTERVAL_S,
        state_dir=told.state_dir,
        loglevel="WARNING",
    )
    source = app.topic(f"{told.prefix}{topics.INBOUND.name}", value_deserializer="bytes")
    outputs = {topic.name: _output(app, told, topic.name) for topic in stages.SESSIONS.writes}

    fold = shape(told.rules).run

    def run(body: bytes, state: State) -> Iterable[Sent]:
        event = decode(topics.INBOUND, body)
        sent = fold(cast("Store", _QuixStore(state)), event)
        return [(topic.name, encode(event)) for topic, event in sent]

    def chosen(value: Sent, *_: object) -> Topic:
        return outputs[value[0]]

    app.dataframe(source).apply(run, stateful=True, expand=True).to_topic(chosen)
    app.run()
    return 0


def _output(app: Application, told: Peering, name: str) -> Topic:
    return app.topic(f"{told.prefix}{name}", value_serializer=_Body())


if __name__ == "__main__":
    sys.exit(main())
