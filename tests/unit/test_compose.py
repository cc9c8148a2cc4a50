"""The Compose file and Prometheus' targets beside it: by their schema and by the list of stages."""

import json
import re
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from adapters.settings import Settings
from deploy.compose import env_file
from deploy.devstack.kafka import broker
from deploy.front_door.files import ON_ONE_HOST
from deploy.front_door.nginx import ALIVE
from schemas import stages
from schemas.stage_kinds import Stage

FILE = Path("deploy/compose/compose.yaml")
COMPOSE = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SCRAPING = yaml.safe_load(Path("deploy/prometheus/compose.yaml").read_text())
PORT_BASE = int(Settings.model_fields["port_base"].default)


def validator() -> jsonschema.protocols.Validator:
    # Only its copy of the schema is used: the program itself wants another click than Faust does.
    path = distribution("check-jsonschema").locate_file(
        "check_jsonschema/builtin_schemas/vendor/compose-spec.json"
    )
    schema = json.loads(Path(str(path)).read_text())
    kind = jsonschema.validators.validator_for(schema)  # its draft knows `unevaluatedProperties`
    return kind(schema)


def test_compose_is_valid() -> None:
    validator().validate(COMPOSE)


def test_the_schema_does_refuse() -> None:
    wrong = {**COMPOSE, "services": {"api": {"imagee": "x"}}}
    with pytest.raises(jsonschema.ValidationError):
        validator().validate(wrong)


def test_every_stage_is_a_service_and_every_service_of_ours_a_stage() -> None:
    ours = {name for name, one in SERVICES.items() if one["image"].startswith("lahstats:")}
    assert ours == set(stages.BY_NAME) | {"prepare", "audit"}


@pytest.mark.parametrize("stage", stages.ALL, ids=lambda stage: stage.name)
def test_a_stage_has_the_module_and_the_ports_of_the_list(stage: Stage) -> None:
    service = SERVICES[stage.name]
    assert service["command"] == ["-m", stage.module]
    assert callable(import_module(stage.module).main)
    assert service["environment"]["LAHSTATS_HEALTH_PORT"] == str(PORT_BASE + stage.health_port)
    assert "LAHSTATS_HEALTH_PORT" in service["healthcheck"]["test"][-1]
    assert "ports" not in service  # people reach the front door alone
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["mem_limit"]


def test_workers_have_the_name_and_the_number_of_those_before_them() -> None:
    """They end what those left open at the broker. Host names of containers are always new."""
    for stage in stages.ALL:
        if not (stage.group or stage.folds):
            continue
        environment = SERVICES[stage.name]["environment"]
        assert environment["LAHSTATS_HOST_NAME"]
        folder = environment["LAHSTATS_WORKERS_DIR"]
        assert f"workers:{folder}" in SERVICES[stage.name]["volumes"]


def test_folds_keep_their_tables() -> None:
    streams = SERVICES["streams"]
    home = streams["environment"]["LAHSTATS_DATA_DIR"]
    assert f"streams:{home}/streams" in streams["volumes"]


def test_everything_has_time_to_stop() -> None:
    """A broker that is killed may forget an open transaction: readers would wait for ever."""
    for name in (*stages.BY_NAME, "kafka", "s3", "clickhouse", "front"):
        grace_s = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
        assert grace_s >= stages.STOPS_WITHIN_S


def test_images_have_a_version() -> None:
    for name, one in SERVICES.items():
        assert re.search(r":v?\d+\.\d+[\w.-]*$", one["image"]), name


def test_people_reach_the_front_door_alone() -> None:
    front = SERVICES["front"]
    assert {name for name, one in SERVICES.items() if "ports" in one} == {"front", "grafana"}
    inside = front["ports"][0].rpartition(":")[2]
    assert ON_ONE_HOST.listens[0].address == inside
    assert ON_ONE_HOST.listens[0].key
    assert front["healthcheck"]["test"][-1] == f"http://{ON_ONE_HOST.listens[1].address}{ALIVE}"
    sides = {name: Settings().port(name) for name in ("api", "gateway")}
    assert ON_ONE_HOST.api == f"api:{sides['api']}"
    assert ON_ONE_HOST.gateway == f"gateway:{sides['gateway']}"
    endpoint = SERVICES["api"]["environment"]["LAHSTATS_S3_ENDPOINT"]
    assert {ON_ONE_HOST.store, ON_ONE_HOST.store_host} == {endpoint}


def test_the_health_check_is_python() -> None:
    compile(SERVICES["api"]["healthcheck"]["test"][-1], "healthcheck", "exec")


def test_both_brokers_end_a_dead_worker_as_soon() -> None:
    named = {
        name.removeprefix("KAFKA_").replace("_", ".").lower(): value
        for name, value in SERVICES["kafka"]["environment"].items()
    }
    lines = broker.properties(Settings(), Path("logs")).splitlines()
    local = dict(line.split("=", 1) for line in lines)
    rules = ("group.", "transaction.", "offsets.", "auto.")
    assert named["transaction.abort.timed.out.transaction.cleanup.interval.ms"] == "1000"
    assert {name for name in named if name.startswith(rules)} <= set(local)
    assert {n: v for n, v in named.items() if n.startswith(rules) and local[n] != v} == {}


def test_preparing_comes_first() -> None:
    assert SERVICES["prepare"]["command"] == ["-m", "deploy.prepare.main"]
    assert callable(import_module("deploy.prepare.main").main)
    for stage in stages.ALL:
        condition = SERVICES[stage.name]["depends_on"]["prepare"]["condition"]
        assert condition == "service_completed_successfully"


def test_the_audit_runs_when_it_is_asked_for() -> None:
    audit = SERVICES["audit"]
    assert audit["command"] == ["-m", "deploy.audit.main"]
    assert audit["profiles"] == ["audit"]
    assert "restart" not in audit  # a difference is no accident that a second try would mend


def test_files_that_it_names_are_there() -> None:
    folder = FILE.parent
    build = SERVICES["prepare"]["build"]
    assert (folder / build["context"] / build["dockerfile"]).is_file()
    mounts = [mount for one in SERVICES.values() for mount in one.get("volumes", [])]
    sources = [mount.partition(":")[0] for mount in mounts if mount.startswith(".")]
    assert sources
    assert [source for source in sources if not (folder / source).exists()] == []


def test_variables_are_settings_that_there_are() -> None:
    for name in SERVICES["api"]["environment"]:
        if name.startswith("LAHSTATS_"):
            assert name.removeprefix("LAHSTATS_").lower() in Settings.model_fields


def test_secrets_come_from_a_file_that_only_the_owner_reads(tmp_path: Path) -> None:
    found = env_file.write(tmp_path)
    before = found.read_text()
    assert found.stat().st_mode & 0o077 == 0
    wanted = set(re.findall(r"\$\{(\w+):\?", FILE.read_text()))
    assert {line.partition("=")[0] for line in before.splitlines()} == wanted
    assert env_file.write(tmp_path).read_text() == before  # made once


def test_no_password_is_empty() -> None:
    """Before, that of Grafana at ClickHouse was, so it had no user there and its boards no rows."""
    passwords = re.findall(r"(\w*PASSWORD\w*): *(\S.*)", FILE.read_text())
    assert [name for name, value in passwords if ":?" not in value] == []
    assert "LAHSTATS_ANALYST_PASSWORD" in dict(passwords)


def test_no_secret_is_in_the_file() -> None:
    for name, value in re.findall(r"(\w*(?:PASSWORD|SECRET)\w*): *(\S.*)", FILE.read_text()):
        assert value.strip("'\"").startswith("${"), name


def test_prometheus_asks_every_stage_for_its_numbers() -> None:
    ports = {
        job["job_name"]: job["dns_sd_configs"][0]["port"] for job in SCRAPING["scrape_configs"]
    }
    assert ports == {stage.name: PORT_BASE + stage.health_port for stage in stages.ALL}
    for job in SCRAPING["scrape_configs"]:
        assert job["dns_sd_configs"][0]["names"] == [job["job_name"]]
