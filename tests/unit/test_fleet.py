"""Compose and Kubernetes files: by their schemas, by what our own modules say of topics and ports, and never with a secret in them."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from adapters.settings import Settings
from deploy.compose import env_file
from deploy.fleet.generate import files
from deploy.fleet.parts import HOME, parts
from deploy.prepare.kafka_topics import wanted_topics
from schemas import stages, topics

DEPLOY = Path("deploy")
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
OWN_KINDS = {"ScaledObject"}
"""Custom resources: their schema comes with the operator, so they are held to what we know of topics instead."""


def documents(path: Path) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(path.read_text()) if one]


def of_kind(kind: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in MANIFESTS:
        yield from ((path, one) for one in documents(path) if one["kind"] == kind)


def test_every_file_is_what_the_list_of_processes_makes() -> None:
    stale = [path for path, text in files().items() if path.read_text() != text]
    assert not stale


def test_compose_is_valid() -> None:
    # Only its copy of the schema is used: the program itself wants another click than Faust does.
    schema = distribution("check-jsonschema").locate_file(
        "check_jsonschema/builtin_schemas/vendor/compose-spec.json"
    )
    jsonschema.Draft7Validator(json.loads(Path(str(schema)).read_text())).validate(
        yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
    )


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifests_are_valid(path: Path) -> None:
    known = [one for one in documents(path) if one["kind"] not in OWN_KINDS]
    assert known
    for one in known:
        kubernetes_validate.validate(one, "1.34", strict=True)


def test_the_schemas_do_refuse() -> None:
    _, deployment = next(of_kind("Deployment"))
    deployment["spec"]["template"]["spec"]["containers"][0]["imagee"] = "x"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, "1.34", strict=True)


def test_every_stage_runs_once_in_each_world() -> None:
    names = {part.name for part in parts()}
    assert names == set(stages.BY_NAME)
    assert names < set(
        yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())["services"]
    )
    for speech in ("speech-cpu.yaml", "speech-gpu.yaml"):
        found = [
            one["metadata"]["name"]
            for path, one in of_kind("Deployment")
            if path.name in ("lahstats.yaml", speech)
        ]
        assert sorted(found) == sorted(names)


def test_what_containers_start_is_there() -> None:
    compose = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())["services"].values()
    commands = [one["command"] for one in compose if one.get("command", [""])[0] == "-m"]
    commands += [
        c["args"]
        for _, one in of_kind("Deployment")
        for c in one["spec"]["template"]["spec"]["containers"]
    ]
    assert len(commands) >= 2 * len(stages.ALL)
    for command in commands:
        assert callable(import_module(command[1]).main)


def test_workers_grow_by_the_lag_of_a_group_that_reads_that_topic() -> None:
    named = {topic.name: topic for topic in topics.ALL}
    scaled = [(path, one["metadata"]["name"], one["spec"]) for path, one in of_kind("ScaledObject")]
    assert {name for _, name, _ in scaled} >= {"transcribe", "diarize", "cluster"}
    for path, name, spec in scaled:
        asked = spec["triggers"][0]["metadata"]
        assert name in named[asked["topic"]].readers
        assert asked["consumerGroup"] == f"lahstats-{name}"
        assert spec["maxReplicaCount"] == named[asked["topic"]].partitions
        target = next(
            one
            for where, one in of_kind("Deployment")
            if where == path and one["metadata"]["name"] == spec["scaleTargetRef"]["name"]
        )
        assert "replicas" not in target["spec"]  # or each apply would undo what the lag asked for


def test_configuration_is_settings_that_there_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, configuration = next(of_kind("ConfigMap"))
    for name, value in configuration["data"].items():
        assert name.removeprefix("LAHSTATS_").lower() in Settings.model_fields, name
        monkeypatch.setenv(name, value)
    env_file.write(tmp_path)
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path))  # in the container: HOME
    told = Settings()
    assert told.environment == "production"
    assert told.store_url.startswith("https://")
    assert configuration["data"]["LAHSTATS_DATA_DIR"] == HOME
    assert {topic.replication_factor for topic in wanted_topics(told.replication)} == {3}
    assert {
        (topic.config or {})["min.insync.replicas"] for topic in wanted_topics(told.replication)
    } == {"2"}


def test_compose_gets_its_secrets_from_a_file_that_only_the_owner_reads(tmp_path: Path) -> None:
    found = env_file.write(tmp_path)
    before = found.read_text()
    assert found.stat().st_mode & 0o077 == 0
    wanted = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose" / "compose.yaml").read_text()))
    assert {line.partition("=")[0] for line in before.splitlines()} == wanted
    assert env_file.write(tmp_path).read_text() == before  # made once


def test_no_secret_stands_in_a_file() -> None:
    for path in files():
        for one in documents(path):
            assert one.get("kind") != "Secret"
        for name, value in re.findall(r"(\w*(?:PASSWORD|SECRET)\w*): *(\S.*)", path.read_text()):
            assert value.strip("'\"").startswith("${"), f"{path}: {name}"


def test_containers_may_do_little() -> None:
    for _, one in of_kind("Deployment"):
        pod = one["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
            assert container["resources"]["limits"]["memory"]
