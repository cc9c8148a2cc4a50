"""Every process of the local stack: how it is started and how it is asked whether it answers."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from adapters.settings import HEALTH_PORTS, Settings
from deploy.devstack.kafka import broker

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


def stages(settings: Settings) -> list[Process]:
    """Our own processes; each serves /readyz on a port of its own."""
    return [
        _stage(settings, "gateway", "producers.gateway.main"),
        _stage(settings, "streams", "streams.main"),
        *(
            _stage(settings, "transcribe", "consumers.transcribe.main", n)
            for n in range(settings.transcribe_workers)
        ),
        *(
            _stage(settings, "diarize", "consumers.diarize.main", n)
            for n in range(settings.diarize_workers)
        ),
        *(
            _stage(settings, name, f"consumers.{name}.main")
            for name in ("cluster", "sink", "rollup", "clips", "erasure")
        ),
        _stage(settings, "api", "api.main"),
    ]


def _stage(settings: Settings, name: str, module: str, worker: int = 0) -> Process:
    port = settings.port_base + HEALTH_PORTS[name] + worker
    environment = {**THREADS, "LAHSTATS_HEALTH_PORT": str(port), "LAHSTATS_WORKER": str(worker)}
    label = f"{name}-{worker}" if name in ("transcribe", "diarize") else name
    return Process(label, _python(module), f"http://{settings.host}:{port}/readyz", environment)


def _python(module: str) -> list[str]:
    return [sys.executable, "-m", module]
