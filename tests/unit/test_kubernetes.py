"""Kubernetes files: by their schemas, by the list of stages, and never with a secret in them."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from adapters.settings import Settings
from deploy.compose import env_file
from deploy.devstack.supervision import DRAIN_S
from deploy.front_door.files import IN_A_FLEET
from deploy.front_door.nginx import ALIVE, configuration
from deploy.prepare.kafka_topics import wanted_topics
from schemas import stages, topics
from schemas.stage_kinds import Need, Stage
from tests.kustomize import Document, built, documents

FOLDER = Path("deploy/kubernetes")
BASE = FOLDER / "base"
OVERLAYS = {name: built(FOLDER / "overlays" / name) for name in ("cpu", "gpu")}
OWN_KINDS = {"ScaledObject"}
"""Custom resources.

Their schema comes with the operator, so they are held to what we know of topics instead.
"""
SPEECH = [stage for stage in stages.ALL if topics.WINDOW_READY in stage.reads]
FRONT = "front"
"""nginx: what people reach. It is no stage."""
HOME = "/var/lib/lahstats"
PROBES = {"startup": "/livez", "liveness": "/livez", "readiness": "/readyz"}
PORT_BASE = int(Settings.model_fields["port_base"].default)

overlays = pytest.mark.parametrize("overlay", OVERLAYS)


def of_kind(kind: str, overlay: str = "cpu") -> Iterator[Document]:
    yield from (one for one in OVERLAYS[overlay] if one["kind"] == kind)


def running(overlay: str) -> list[Document]:
    """The stages."""
    found = [*of_kind("Deployment", overlay), *of_kind("StatefulSet", overlay)]
    return [one for one in found if one["metadata"]["name"] != FRONT]


def deployments(overlay: str) -> dict[str, Document]:
    return {one["metadata"]["name"]: one for one in running(overlay)}


def pod_of(deployment: Document) -> Any:
    return deployment["spec"]["template"]["spec"]


def container_of(deployment: Document) -> Any:
    (container,) = pod_of(deployment)["containers"]
    return container


def environment_of(deployment: Document) -> dict[str, str]:
    return {one["name"]: one.get("value", "") for one in container_of(deployment)["env"]}


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


@overlays
def test_a_worker_has_the_name_of_the_one_before_it(overlay: str) -> None:
    """It ends what that one left open at the broker. Pods of a Deployment get names of their own.

    Of two that live at once under one name the later ends the earlier, so there is one at a time.
    """
    for stage in stages.ALL:
        one = deployments(overlay)[stage.name]
        if one["kind"] == "StatefulSet" or not (stage.group or stage.folds):
            continue
        assert pod_of(one)["hostname"] == stage.name
        assert one["spec"]["replicas"] == 1
        assert one["spec"]["strategy"] == {"type": "Recreate"}


def test_what_comes_and_goes_by_its_lag_does_so_at_once() -> None:
    """By default a pod would wait for the models of the one before it."""
    for one in of_kind("StatefulSet"):
        assert one["spec"]["podManagementPolicy"] == "Parallel"


@overlays
def test_a_process_is_asked_and_has_time_to_drain(overlay: str) -> None:
    for one in running(overlay):
        container = container_of(one)
        asked = {kind: container[f"{kind}Probe"]["httpGet"] for kind in PROBES}
        assert asked == {kind: {"path": path, "port": "health"} for kind, path in PROBES.items()}
        assert pod_of(one)["terminationGracePeriodSeconds"] >= DRAIN_S


def test_people_are_led_elsewhere_before_a_server_drains() -> None:
    """A pod is sent requests for some moments after it was told to end."""
    served = {one["metadata"]["name"] for one in of_kind("Service")}
    for one in of_kind("Deployment"):
        if one["metadata"]["name"] in served:
            assert container_of(one)["lifecycle"]["preStop"]["sleep"]["seconds"] >= 5


@overlays
def test_folds_keep_their_tables(overlay: str) -> None:
    streams = deployments(overlay)[stages.STREAMS.name]
    (claim,) = streams["spec"]["volumeClaimTemplates"]
    mounts = {one["name"]: one["mountPath"] for one in container_of(streams)["volumeMounts"]}
    assert mounts[claim["metadata"]["name"]] == HOME


@overlays
def test_every_pod_is_behind_the_policy(overlay: str) -> None:
    (policy,) = of_kind("NetworkPolicy", overlay)
    wanted = policy["spec"]["podSelector"]["matchLabels"].items()
    jobs = [*of_kind("Job", overlay), *scheduled(overlay)]
    for one in [*running(overlay), *of_kind("Deployment", overlay), *jobs]:
        assert wanted <= one["spec"]["template"]["metadata"]["labels"].items()


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


def scheduled(overlay: str) -> list[Document]:
    """The jobs that come again, as a Job of theirs would be."""
    return [one["spec"]["jobTemplate"] for one in of_kind("CronJob", overlay)]


@overlays
def test_what_containers_start_is_there(overlay: str) -> None:
    started = [*running(overlay), *of_kind("Job", overlay), *scheduled(overlay)]
    assert len(started) == len(stages.ALL) + 2
    for one in started:
        assert callable(import_module(container_of(one)["args"][1]).main)


def test_the_audit_comes_each_night_and_is_no_stage() -> None:
    (audit,) = of_kind("CronJob")
    assert audit["metadata"]["name"] not in stages.BY_NAME
    assert container_of(audit["spec"]["jobTemplate"])["args"] == ["-m", "deploy.audit.main"]
    minute, hour, *days = audit["spec"]["schedule"].split()
    assert int(minute) < 60
    assert int(hour) < 24
    assert days == ["*"] * 3
    assert audit["spec"]["timeZone"] == Settings().time_zone
    assert audit["spec"]["concurrencyPolicy"] == "Forbid"
    # A difference is no accident that a second try would mend.
    assert audit["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0


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


@overlays
def test_containers_may_do_little(overlay: str) -> None:
    for one in [*running(overlay), *of_kind("Job", overlay), *scheduled(overlay)]:
        assert pod_of(one)["securityContext"]["runAsNonRoot"]
        container = container_of(one)
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
        assert container["resources"]["limits"]["memory"]
