"""The fuse of a process on a real broker: it stays open until somebody closes it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from msgspec.structs import replace

from adapters.kafka.fuse import LEAST_FAILED
from adapters.kafka.fuse_gate import Fuses
from adapters.kafka.publisher import KafkaPublisher, Outgoing, outgoing
from adapters.kafka.session_owners import SessionOwners
from adapters.settings import Settings
from consumers.dlq.letters import read
from deploy.devstack.free_ports import free_port_base
from deploy.waiting import until
from schemas.codec import encode
from schemas.fuses import OpenFuse
from schemas.ids import SessionId, UserId
from schemas.session_events import Tick
from schemas.session_rows import SessionListing
from schemas.stage_names import StageName
from schemas.topics import DIRECTORY, INBOUND
from tests.golden import example_of
from tests.integration.brokers import broker

POISONED = 60
START_S = 60


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with broker(tmp_path_factory.mktemp("broker")) as up:
        yield up.settings


@contextmanager
def worker(
    settings: Settings, begun: Path, health_port: int
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the stage `clips` with a step that tells what it began."""
    command = [sys.executable, "-m", "tests.integration.group_worker"]
    arguments = [settings.kafka, "fuse-group", "0", "0", str(begun)]
    environment = {**os.environ, "LAHSTATS_HEALTH_PORT": str(health_port)}
    process = subprocess.Popen([*command, *arguments], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def said(port: int) -> str:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").text
    except httpx.HTTPError:
        return ""


def letters(settings: Settings) -> int:
    return sum(1 for _ in read(settings.kafka))


def opened() -> OpenFuse:
    return OpenFuse(
        stage=StageName.CLIPS, opened_at_ms=1, failed=12, sources=13, reason="step_failed"
    )


def assert_waits(process: "subprocess.Popen[bytes]", port: int) -> None:
    answer = until(lambda: said(port), lambda text: "fuse" in text, START_S)
    assert "lahstats fuse close clips" in answer
    assert process.poll() is None


def test_a_fuse_stays_open_across_restarts_until_it_is_closed(
    settings: Settings, tmp_path: Path
) -> None:
    publisher = KafkaPublisher(settings.kafka, timeout_s=60)
    fuses = Fuses(settings.kafka)
    begun = tmp_path / "begun"
    begun.touch()
    port = free_port_base()

    fuses.keep_open(opened())
    session = SessionId(str(uuid4()))
    tick = Tick(occurred_at_ms=1, session_id=session, now_ms=1)
    publisher.publish([Outgoing(INBOUND.name, session.encode(), encode(tick))])
    with worker(settings, begun, port) as process:
        assert_waits(process, port)
        assert begun.read_text() == ""
        fuses.close(StageName.CLIPS)
        until(lambda: session in begun.read_text(), bool, START_S)

        poison = [Outgoing(INBOUND.name, uuid4().hex.encode(), b"?") for _ in range(POISONED)]
        publisher.publish(poison)
        assert process.wait(START_S) != 0
    assert list(fuses.open_ones()) == [StageName.CLIPS]
    drained = letters(settings)
    assert drained < LEAST_FAILED

    with worker(settings, begun, port) as process:
        assert_waits(process, port)
    assert letters(settings) == drained


def test_the_owner_of_a_session_is_found_in_the_directory(settings: Settings) -> None:
    listing = example_of(SessionListing)
    publisher = KafkaPublisher(settings.kafka, timeout_s=60)
    sessions = [SessionId(str(uuid4())) for _ in range(30)]
    publisher.publish(
        [
            outgoing(
                DIRECTORY,
                replace(listing, session_id=one, owner=UserId(f"p{n % 3}"), event_id=""),
            )
            for n, one in enumerate(sessions)
        ]
    )
    unknown = SessionId(str(uuid4()))
    found = SessionOwners(settings.kafka).of({*sessions[:6], unknown})
    assert found == {one: f"p{n % 3}" for n, one in enumerate(sessions[:6])}
