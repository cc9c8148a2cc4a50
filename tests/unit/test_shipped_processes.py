"""Containers of ours in Compose and Kubernetes against the code that they start.

Each is a process that reads its environment, writes some folders, answers its probes and takes its
time to stop. Nothing was started where these files were written.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from adapters.http import server
from adapters.kafka import timed_call
from adapters.process import health
from adapters.settings import Settings
from consumers.runtime import deadlines
from deploy.compose import env_file
from deploy.devstack.processes import Process
from deploy.devstack.supervision import Supervisor
from producers.gateway.main import PUBLISH_TIMEOUT_S
from schemas import stages
from schemas.stage_kinds import Stage
from streams.host import hosted
from tests.manifests import (
    HOME,
    OVERLAYS,
    container_of,
    environment_of,
    of_kind,
    overlays,
    pod_of,
    running,
    scheduled,
)

TEXT = Path("deploy/compose/compose.yaml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("lahstats:")}
SHIPPED = ("adapters", "api", "consumers", "producers", "streams", "deploy/prepare", "deploy/audit")
OF_LIBRARIES = {"OMP_NUM_THREADS", "MKL_NUM_THREADS", "HF_TOKEN", "HF_HOME"}
OF_THE_LOCAL_STACK = ("kafka", "s3_endpoint", "clickhouse_url", "page_origin", "front_doors")
"""Settings that have a value by themselves, which is right on a developer's machine alone."""
FLUSH_S = 10.0
"""A producer's, unless its stage says less."""
(USER,) = re.findall(r"^USER (\d+)$", Path("deploy/image/Dockerfile").read_text(), re.MULTILINE)


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    """The variables that Compose is given, and the files that a pod is."""
    lines = env_file.write(tmp_path).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def interpolated(text: str, given: Mapping[str, str]) -> str:
    """As Compose does it."""

    def value(found: re.Match[str]) -> str:
        name, rule, other = found.groups()
        assert rule != ":?" or name in given, name
        return given.get(name, other or "")

    return re.sub(r"\$\{(\w+)(:[-?])([^}]*)\}", value, text)


def environments(overlay: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every container of ours in a fleet, and its environment without secrets."""
    shared = next(of_kind("ConfigMap", overlay))["data"]
    for one in [*running(overlay), *of_kind("Job", overlay), *scheduled(overlay)]:
        container = container_of(one)
        own = environment_of(one) if "env" in container else {}
        yield container["name"], {**shared, **own}


def settings_in(
    environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> Settings:
    """The settings of a process that is started so. Ends the test where it would not start."""
    with monkeypatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        return Settings(data_dir=data_dir)


def assert_in_production(settings: Settings) -> None:
    assert settings.environment == "production"
    local = Settings.model_construct()
    assert local.environment == "development"
    for name in OF_THE_LOCAL_STACK:
        said = str(getattr(settings, name))
        host = urlsplit(said if "//" in said else f"//{said}").hostname or ""
        assert host, name
        assert not host.startswith("127."), name


@pytest.mark.parametrize("name", OURS)
def test_a_service_has_every_setting_that_production_needs(
    name: str, secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = OURS[name]["environment"]
    given = {one: interpolated(str(value), secrets) for one, value in environment.items()}
    assert_in_production(settings_in(given, monkeypatch, tmp_path / "none"))


@overlays
@pytest.mark.usefixtures("secrets")
def test_a_pod_has_every_setting_that_production_needs(
    overlay: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for _, environment in environments(overlay):
        assert_in_production(settings_in(environment, monkeypatch, tmp_path))


def given_names() -> set[str]:
    names = {name for one in OURS.values() for name in one["environment"]}
    for overlay in OVERLAYS:
        names |= {name for _, given in environments(overlay) for name in given}
    return names - OF_LIBRARIES


def read_by_somebody(setting: str) -> bool:
    read = re.compile(rf"\.{setting}\b")
    files = (path for room in SHIPPED for path in Path(room).rglob("*.py"))
    return any(read.search(path.read_text()) for path in files if path.name != "settings.py")


def test_every_variable_of_ours_is_a_setting_that_is_read() -> None:
    for name in sorted(given_names()):
        setting = name.removeprefix("LAHSTATS_").lower()
        assert setting in Settings.model_fields, name
        assert read_by_somebody(setting), name


def test_every_variable_that_the_page_names_for_one_host_is_passed_on() -> None:
    """Before, LAHSTATS_TIME_ZONE was named there, and no container got it."""
    page = Path("docs/deployment.md").read_text()
    section = page.partition("## One big host")[2].partition("\n## ")[0]
    named = set(re.findall(r"LAHSTATS_[A-Z_]+", section))
    assert len(named) > 5
    assert {name for name in named if f"${{{name}" not in TEXT} == set()


def test_every_variable_of_the_dashboards_is_read_by_them() -> None:
    read = "".join(path.read_text() for path in Path("deploy/grafana").rglob("*.yaml"))
    given = {name for name in SERVICES["grafana"]["environment"] if name.startswith("LAHSTATS_")}
    assert given == set(re.findall(r"LAHSTATS_[A-Z_]+", read))


def time_to_stop_s(stage: Stage) -> float:
    """The longest that a process of ours takes after SIGTERM, by its own deadlines."""
    if stage.is_public:
        flush_s = PUBLISH_TIMEOUT_S if stage is stages.GATEWAY else 0
        return server.DRAIN_S + timed_call.CLOSE_S + flush_s
    drain_s = hosted.CLOSE_S if stage.folds else 0
    return drain_s + deadlines.DRAIN_S + timed_call.CLOSE_S + FLUSH_S


@pytest.mark.parametrize("stage", stages.ALL, ids=lambda stage: stage.name)
def test_a_process_is_not_killed_while_it_stops(stage: Stage) -> None:
    """Before, a gateway that waited for its last uploads was killed in the middle of them."""
    assert time_to_stop_s(stage) < stages.STOPS_WITHIN_S


def test_a_process_of_the_local_stack_has_that_time_too(tmp_path: Path) -> None:
    """Before, a gateway that takes 38 s was killed after 35."""
    supervisor = Supervisor(tmp_path)
    supervisor.launch([Process("idle", ["true"], "")])
    supervisor.shutdown()
    text = (supervisor.home / "supervisord.conf").read_text()
    said = re.findall(r"^stopwaitsecs=(\d+)$", text, re.MULTILINE)
    assert said == [str(stages.STOPS_WITHIN_S)]


def test_the_front_door_stops_after_those_behind_it() -> None:
    """It ends when its last request does: an upload that a side still takes."""
    least_s = server.DRAIN_S
    assert float(SERVICES["front"]["stop_grace_period"].removesuffix("s")) >= least_s
    (front,) = (one for one in of_kind("Deployment") if one["metadata"]["name"] == "front")
    sleeps_s = container_of(front)["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod_of(front)["terminationGracePeriodSeconds"] >= sleeps_s + least_s


def asked_paths() -> set[str]:
    """The paths of all probes of ours."""
    pods = [container_of(one) for overlay in OVERLAYS for one in running(overlay)]
    probes = [one for pod in pods for name, one in pod.items() if name.endswith("Probe")]
    checks = " ".join(
        one["healthcheck"]["test"][-1] for one in OURS.values() if "healthcheck" in one
    )
    return {one["httpGet"]["path"] for one in probes} | set(re.findall(r"\}(/\w+)", checks))


def test_probes_ask_for_something_that_there_is() -> None:
    paths = asked_paths()
    assert paths == {"/livez", "/readyz"}
    for path in paths:
        assert health.answer(path, lambda: True, str)[0] == 200


def is_below(folder: str, mounts: list[str]) -> bool:
    return any(Path(folder).is_relative_to(mount) for mount in mounts)


def written(environment: Mapping[str, str]) -> list[str]:
    """The folders that a process writes, by its settings."""
    names = ("LAHSTATS_DATA_DIR", "LAHSTATS_WORKERS_DIR", "HF_HOME")
    return ["/tmp", *(environment[name] for name in names if name in environment)]  # noqa: S108


@pytest.mark.parametrize("name", OURS)
def test_a_service_may_write_where_it_writes(name: str) -> None:
    one = OURS[name]
    tmpfs = [mount.partition(":")[0] for mount in one["tmpfs"]]
    volumes = [mount.rpartition(":")[2] for mount in one["volumes"] if not mount.endswith(":ro")]
    for folder in written(one["environment"]):
        assert is_below(folder, [*tmpfs, *volumes]), folder
    home = next(mount for mount in one["tmpfs"] if mount.startswith(HOME))
    assert f"uid={USER},gid={USER}" in home


@overlays
def test_a_pod_may_write_where_it_writes(overlay: str) -> None:
    found = dict(environments(overlay))
    for one in [*running(overlay), *of_kind("Job", overlay), *scheduled(overlay)]:
        container = container_of(one)
        mounts = [mount for mount in container["volumeMounts"] if not mount.get("readOnly")]
        for folder in written(found[container["name"]]):
            assert is_below(folder, [mount["mountPath"] for mount in mounts]), folder
        context = pod_of(one)["securityContext"]
        assert {context["runAsUser"], context["fsGroup"]} == {int(USER)}


def test_front_doors_are_networks() -> None:
    """Everybody would be a front door by a network of all addresses."""
    said = next(of_kind("ConfigMap"))["data"]["LAHSTATS_FRONT_DOORS"]
    assert all(ipaddress.ip_network(one).prefixlen >= 8 for one in said.split(","))
