"""Every process of the local stack: how it is started and how it is asked whether it answers."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from adapters.settings import Settings
from deploy.devstack.kafka import broker
from schemas import stages
from schemas.stages import Stage

VERSITYGW = Path(".local/bin/versitygw")
THREADS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Two threads a model were no faster on two cores, and eight times slower under contention (findings)."""


@dataclass(frozen=True)
class Process:
    """`probe` is a URL that answers 200 when the process can work; Kafka is asked by its own client instead."""

    name: str
    command: list[str]
    probe: str
    environment: dict[str, str] = field(default_factory=dict)
    is_server: bool = False


def servers(settings: Settings) -> list[Process]:
    """Kafka, S3 and ClickHouse: started first, prepared before anything else runs."""
    host, data = settings.host, settings.data_dir.resolve()
    s3_env = {
        "ROOT_ACCESS_KEY": settings.s3_access_key,
        "ROOT_SECRET_KEY": settings.s3_secret_key.get_secret_value(),
    }
    (data / "s3").mkdir(parents=True, exist_ok=True)
    s3 = [
        str(VERSITYGW.resolve()),
        "--port",
        f"{host}:{settings.port('s3')}",
        "--quiet",
        "--health",
        "/health",
        "posix",
        str(data / "s3"),
    ]
    return [
        Process("kafka", broker.prepare(settings), "", is_server=True),
        Process("s3", s3, f"http://{host}:{settings.port('s3')}/health", s3_env, is_server=True),
        Process(
            "clickhouse",
            _python("deploy.devstack.chdb_server.main"),
            f"{settings.clickhouse_url}/ping",
            is_server=True,
        ),
    ]


def stage_processes(settings: Settings) -> list[Process]:
    """Return our own processes, one for each worker; each serves /readyz on a port of its own."""
    return [
        _process(settings, stage, worker)
        for stage in stages.ALL
        for worker in range(worker_count(settings, stage))
    ]


def worker_count(settings: Settings, stage: Stage) -> int:
    """Return how many workers of `stage` this machine runs."""
    return int(getattr(settings, f"{stage.name}_workers")) if stage.has_workers else 1


def _process(settings: Settings, stage: Stage, worker: int) -> Process:
    port = settings.port_base + stage.health_port + worker
    environment = {**THREADS, "LAHSTATS_HEALTH_PORT": str(port), "LAHSTATS_WORKER": str(worker)}
    name = f"{stage.name}-{worker}" if stage.has_workers else stage.name.value
    probe = f"http://{settings.host}:{port}/readyz"
    return Process(name, _python(stage.module), probe, environment)


def _python(module: str) -> list[str]:
    return [sys.executable, "-m", module]
