"""Fuses on their topic: a record that nobody can read stops nobody else."""

from collections.abc import Sequence

import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.kafka import fuse_gate, session_owners
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse_gate import FuseGate, Fuses
from adapters.kafka.session_owners import SessionOwners
from adapters.process.retry import TransientError
from schemas import topics
from schemas.codec import encode
from schemas.fuses import FUSES, OpenFuse
from schemas.ids import SessionId
from schemas.session_rows import SessionListing
from schemas.stage_names import StageName
from tests.golden import example_of

OPEN = OpenFuse(stage=StageName.SINK, opened_at_ms=1, failed=11, sources=12, reason="not_json")
BODY = msgspec.json.encode(OPEN)


def record(topic: str, key: bytes | None, value: bytes | None) -> Fetched:
    return Fetched(topic, 0, 0, key, value)


def opened(monkeypatch: pytest.MonkeyPatch, found: Sequence[Fetched]) -> dict[str, OpenFuse]:
    monkeypatch.setattr(fuse_gate, "whole", lambda *_: iter(found))
    return Fuses("").open_ones()


@pytest.mark.parametrize("key", [b"a stage of tomorrow", b"\xff", b"", None])
def test_a_fuse_of_a_stage_that_is_not_known_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, key: bytes | None
) -> None:
    """Before, every stage ended at each start."""
    odd = record(FUSES.name, key, BODY.replace(b"sink", b"a stage of tomorrow"))
    assert opened(monkeypatch, [odd, record(FUSES.name, b"sink", BODY)]) == {StageName.SINK: OPEN}


@pytest.mark.parametrize("value", [b"{", b'{"stage":"sink","since":1}', b'{"a":' * 50_000])
def test_a_fuse_that_cannot_be_read_is_open_until_it_is_closed(
    monkeypatch: pytest.MonkeyPatch, value: bytes
) -> None:
    odd = record(FUSES.name, b"sink", value)
    assert opened(monkeypatch, [odd])[StageName.SINK].stage is StageName.SINK
    assert not opened(monkeypatch, [odd, record(FUSES.name, b"sink", None)])


def test_owners_are_found_beside_a_key_that_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, the fuse that asks for them ended its stage."""
    listing = example_of(SessionListing)
    found = [
        record(topics.DIRECTORY.name, b"\xff", b""),
        record(topics.DIRECTORY.name, listing.session_id.encode(), encode(listing)),
    ]
    monkeypatch.setattr(session_owners, "whole", lambda *_: iter(found))
    owners = SessionOwners("").of({SessionId(listing.session_id)})
    assert owners == {listing.session_id: listing.owner}


class ClosedInTheEnd(Fuses):
    """A fuse that somebody closes after some looks."""

    def __init__(self, looks: int) -> None:
        self._looks = looks

    def open_ones(self) -> dict[str, OpenFuse]:
        self._looks -= 1
        return {StageName.SINK: OPEN} if self._looks >= 0 else {}


def test_a_fuse_that_stays_open_is_one_line_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, each look was one: forty thousand lines a day, and all else left the log."""
    monkeypatch.setattr(fuse_gate, "LOOK_S", 0.0)
    gate = FuseGate(StageName.SINK, ClosedInTheEnd(looks=5), lambda: 1)
    with capture_logs() as lines:
        gate.wait()
    assert [line["event"] for line in lines] == ["fuse_is_open"]
    assert gate.found is None


def test_a_publisher_whose_broker_is_away_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, each try for four minutes left a client with its threads behind."""
    given_back: list[str] = []

    class Away:
        def __init__(self, _bootstrap: str) -> None: ...

        def publish(self, _messages: Sequence[object]) -> None:
            raise TransientError("kafka did not acknowledge")

        def close(self) -> None:
            given_back.append("one")

    monkeypatch.setattr(fuse_gate, "KafkaPublisher", Away)
    with pytest.raises(TransientError):
        Fuses("").keep_open(OPEN)
    assert given_back == ["one"]
