"""Commands whose broker is away say so in a line."""

import socket
from concurrent.futures import Future
from pathlib import Path

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from typer.testing import CliRunner, Result

from adapters.process.retry import TransientError
from consumers.dlq.letters import Letter
from deploy.cli.main import app
from deploy.devstack.free_ports import free_port_base

LETTER = Letter(
    place="dead-letters:1",
    topic="words",
    source="words:0:7",
    reason="fold_failed",
    stage="tally",
    detail="",
    key=None,
    value=None,
)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.mark.parametrize(
    "words",
    [
        ("dlq", "list"),
        ("dlq", "drop", "words:1"),
        ("fuse", "list"),
        ("fuse", "close", "sink"),
        ("audit",),
        ("lexicon", "group", "makan", "LEXICON"),
        ("recount", "--lexicon", "LEXICON"),
        ("backup", "new"),
        ("restore", "old"),
    ],
    ids=" ".join,
)
def test_a_broker_that_is_not_there_is_named(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LAHSTATS_PORT_BASE", str(free_port_base()))
    lexicon = tmp_path / "words.json"
    lexicon.write_text("{}")
    done = run(*[str(lexicon) if word == "LEXICON" else word for word in words])
    assert done.exit_code == 1
    assert "Kafka does not answer: nobody listens on 127.0.0.1:" in done.output


def test_a_broker_that_is_frozen_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        address = f"127.0.0.1:{frozen.getsockname()[1]}"
        monkeypatch.setenv("LAHSTATS_KAFKA", address)
        done = run("dlq", "list")
    assert done.exit_code == 1
    assert f"Kafka does not answer: {address}: no answer to its own client" in done.output


@pytest.mark.parametrize(
    "words",
    [
        ("dlq", "drop", "dead-letters:1", "--yes"),
        ("fuse", "list"),
        ("fuse", "close", "sink"),
    ],
    ids=" ".join,
)
def test_a_broker_that_goes_away_in_between_is_named(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.prepare.kafka_topics.broker_complaint", lambda *_: None)
    monkeypatch.setattr("deploy.cli.dead_letter_commands._letters", lambda: [LETTER])
    monkeypatch.setattr(AdminClient, "delete_records", _gone_away)
    monkeypatch.setattr("adapters.kafka.fuse_gate.whole", _away)
    done = run(*words)
    assert done.exit_code == 1
    assert "kafka: _TRANSPORT" in done.output


def _gone_away(*_: object) -> dict[TopicPartition, Future[None]]:
    answer = Future[None]()
    answer.set_exception(KafkaException(KafkaError(KafkaError._TRANSPORT)))
    return {TopicPartition("dead-letters", 0): answer}


def _away(*_: object) -> list[object]:
    raise TransientError("kafka: _TRANSPORT")
