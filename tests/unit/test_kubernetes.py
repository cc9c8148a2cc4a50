"""Kubernetes files: by their schemas, by the list of stages, and never with a secret in them."""

from importlib import import_module
from pathlib import Path

import kubernetes_validate
import pytest

from adapters.settings import Settings
from deploy.compose import env_file
from deploy.front_door.files import IN_A_FLEET
from deploy.front_door.nginx import ALIVE, EVENTS_S, HEAD_BUFFER, configuration
from deploy.prepare.kafka_topics import wanted_topics
from schemas import stages, topics
from schemas.limits import CHUNK_BYTES
from schemas.stage_kinds import Need, Stage
from tests.kustomize import built, documents
from tests.manifests import (
    BASE,
    FRONT,
    HOME,
    OVERLAYS,
    container_of,
    deployments,
    environment_of,
    of_kind,
    overlays,
    pod_of,
    running,
    scheduled,
)

OWN_KINDS = {"ScaledObject"}
"""Custom resources.

Their schema comes with the operator, so they are held to what we know of topics instead.
"""
SPEECH = [stage for stage in stages.ALL if topics.WINDOW_READY in stage.reads]
PORT_BASE = int(Settings.model_fields["port_base"].default)


def test_the_base_lists_every_file_beside_it() -> None:
    (kustomization,) = documents(BASE / "kustomization.yaml")
    files = {path.name for path in BASE.glob("*.yaml")} - {"kustomization.yaml"}
    assert sorted(kustomization["resources"]) == sorted(files)


@overlays
def test_manifests_are_valid(overlay: str) -> None:
    known = [one for one in OVERLAYS[overlay] if one["kind"] not in OWN_KINDS]
    assert known
    for one in known:
        kubernetes_validate.validate(one, "1.34", strict=True)


def test_the_schemas_do_refuse() -> None:
    deployment = next(one for one in built(BASE) if one["kind"] == "Deployment")
    container_of(deployment)["imagee"] = "x"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, "1.34", strict=True)


@overlays
def test_every_stage_runs_once(overlay: str) -> None:
    names = [one["metadata"]["name"] for one in running(overlay)]
    assert sorted(names) == sorted(stages.BY_NAME)


@pytest.mark.parametrize("stage", stages.ALL, ids=lambda stage: stage.name)
def test_a_stage_has_the_module_and_the_ports_of_the_list(stage: Stage) -> None:
    deployment = deployments("cpu")[stage.name]
    container = container_of(deployment)
    health_port = PORT_BASE + stage.health_port
    assert container["args"] == ["-m", stage.module]
    assert environment_of(deployment)["LAHSTATS_HEALTH_PORT"] == str(health_port)
    annotations = deployment["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(health_port)
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    public = {"http": Settings().port(stage.name)} if stage.is_public else {}
    assert ports == {"health": health_port} | public


def test_public_stages_are_served_behind_one_front_door() -> None:
    public = sorted([FRONT, *(stage.name for stage in stages.ALL if stage.is_public)])
    for kind in ("Service", "PodDisruptionBudget", "HorizontalPodAutoscaler"):
        assert sorted(one["metadata"]["name"] for one in of_kind(kind)) == public
    (ingress,) = of_kind("Ingress")
    paths = [path for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
    assert [path["backend"]["service"]["name"] for path in paths] == [FRONT]
    origin = next(of_kind("ConfigMap"))["data"]["LAHSTATS_PAGE_ORIGIN"]
    assert [f"https://{rule['host']}" for rule in ingress["spec"]["rules"]] == [origin]


@overlays
def test_the_front_door_has_the_generated_configuration(overlay: str) -> None:
    (front,) = (one for one in of_kind("Deployment", overlay) if one["metadata"]["name"] == FRONT)
    container = container_of(front)
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    volumes = {
        one["name"]: one.get("configMap", {}).get("name") for one in pod_of(front)["volumes"]
    }
    maps = {one["metadata"]["name"]: one["data"] for one in of_kind("ConfigMap", overlay)}
    assert container["args"][-1] == f"{mounts['configuration']}/nginx.conf"
    text = maps[volumes["configuration"]]["nginx.conf"]
    assert text.strip() == configuration(IN_A_FLEET).strip()
    port = Settings().port(FRONT)
    assert [one["containerPort"] for one in container["ports"]] == [port]
    assert f"listen {port};" in text
    assert container["readinessProbe"]["httpGet"]["path"] == ALIVE
    services = {one["metadata"]["name"] for one in of_kind("Service", overlay)}
    sides = (IN_A_FLEET.api, IN_A_FLEET.gateway)
    assert {name.partition(".")[0] for name in sides} <= services
    assert container["securityContext"]["readOnlyRootFilesystem"]


def test_only_ports_of_the_list_are_open() -> None:
    (policy,) = of_kind("NetworkPolicy")
    named = {port["port"] for rule in policy["spec"]["ingress"] for port in rule["ports"]}
    health = {PORT_BASE + stage.health_port for stage in stages.ALL}
    public = [FRONT, *(one.name for one in stages.ALL if one.is_public)]
    assert named == health | {Settings().port(name) for name in public}


@overlays
def test_what_containers_start_is_there(overlay: str) -> None:
    started = [*running(overlay), *of_kind("Job", overlay), *scheduled(overlay)]
    assert len(started) == len(stages.ALL) + 2
    for one in started:
        assert callable(import_module(container_of(one)["args"][1]).main)


def test_workers_grow_by_the_lag_of_a_group_that_reads_that_topic() -> None:
    named = {topic.name: topic for topic in topics.ALL}
    scaled = {one["metadata"]["name"]: one["spec"] for one in of_kind("ScaledObject")}
    assert set(scaled) >= {stage.name for stage in stages.ALL if Need.MODELS in stage.needs}
    for name, spec in scaled.items():
        stage = stages.BY_NAME[name]
        asked = [trigger["metadata"] for trigger in spec["triggers"]]
        assert {named[one["topic"]] for one in asked} == set(stage.reads)
        assert {one["consumerGroup"] for one in asked} == {stage.group}
        assert {named[one["topic"]].partitions for one in asked} == {spec["maxReplicaCount"]}
        target = deployments("cpu")[spec["scaleTargetRef"]["name"]]
        assert "replicas" not in target["spec"]  # or each apply would undo what the lag asked for


def test_speech_workers_get_an_accelerator_each_and_nothing_else_changes() -> None:
    plain = deployments("cpu")
    gpu = deployments("gpu")
    changed = {name for name in plain if plain[name] != gpu[name]}
    assert changed == {stage.name for stage in SPEECH}
    for name in changed:
        assert container_of(gpu[name])["resources"]["limits"]["nvidia.com/gpu"] == "1"
        environment = environment_of(gpu[name])
        assert environment["LAHSTATS_MODELS_PROFILE"] == "gpu"
        assert "HF_TOKEN" in environment
        one_core = {"LAHSTATS_TRANSCRIBE_PASSES": "1", "LAHSTATS_DIARIZE_PASSES": "1"}
        shared = environment_of(plain[name]).items() - one_core.items()
        assert len(shared) == len(environment_of(plain[name])) - len(one_core)
        assert shared < environment.items()
        assert not environment.keys() & one_core.keys()


def test_configuration_is_settings_that_there_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = next(of_kind("ConfigMap"))
    for name, value in given["data"].items():
        assert name.removeprefix("LAHSTATS_").lower() in Settings.model_fields, name
        monkeypatch.setenv(name, value)
    env_file.write(tmp_path)
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path))  # in the container: HOME
    settings = Settings()
    assert settings.environment == "production"
    assert settings.store_url.startswith("https://")
    assert given["data"]["LAHSTATS_DATA_DIR"] == HOME
    wanted = wanted_topics(settings.replication)
    assert {topic.replication_factor for topic in wanted} == {3}
    assert {(topic.config or {})["min.insync.replicas"] for topic in wanted} == {"2"}


@overlays
def test_no_secret_is_in_a_file(overlay: str) -> None:
    assert list(of_kind("Secret", overlay)) == []
    for one in running(overlay):
        secret = [name for name in environment_of(one) if "SECRET" in name or "PASSWORD" in name]
        assert secret == []


def test_the_ingress_passes_chunks_and_events() -> None:
    """By itself ingress-nginx takes 1 MB: larger chunks were refused for good, before the door."""
    (ingress,) = of_kind("Ingress")
    said = ingress["metadata"]["annotations"]
    prefix = "nginx.ingress.kubernetes.io/proxy-"
    assert int(said[f"{prefix}body-size"].removesuffix("k")) << 10 >= CHUNK_BYTES.most
    assert said[f"{prefix}request-buffering"] == "off"
    assert int(said[f"{prefix}read-timeout"]) == EVENTS_S
    assert int(said[f"{prefix}buffer-size"].removesuffix("k")) << 10 == HEAD_BUFFER
