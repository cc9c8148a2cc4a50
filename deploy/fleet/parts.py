"""Pure: our processes as containers, taken from the local stack's list, with what each needs and by which lag it grows."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from adapters.settings import Settings
from deploy.devstack.processes import stage_processes
from schemas import topics
from schemas.topics import Topic

IMAGE = "lahstats:0.1.0"
HOME = "/var/lib/lahstats"
"""The data folder of a container: secrets are mounted into it, all else may be lost with the container."""
MODELS = "/models"
SPEECH = ("transcribe", "diarize")


@dataclass(frozen=True)
class Lag:
    """One more worker for every `events` that wait on `topic`, up to `most`: more workers than partitions have nothing to do."""

    topic: Topic
    events: int
    least: int = 1

    @property
    def most(self) -> int:
        """As many as the topic has partitions."""
        return self.topic.partitions


@dataclass(frozen=True)
class Part:
    """`memory` is a limit; `requests` (cores) is what the scheduler keeps free."""

    name: str
    module: str
    health_port: int
    environment: dict[str, str] = field(default_factory=dict)
    serves: int = 0
    replicas: int = 1
    requests: str = "250m"
    memory: str = "1Gi"
    lag: Lag | None = None
    grace_s: int = 30


# A speech worker held 1,385 MB at most over a session of four hours (docs/performance.md); a window takes it seconds, so that
# ten waiting windows are a minute of work. The folds are not scaled by lag: each new worker would restore their tables first.
NEEDS: dict[str, dict[str, object]] = {
    "gateway": {"replicas": 2},
    "api": {"replicas": 2},
    "streams": {"requests": "500m", "memory": "2Gi", "grace_s": 60},
    "transcribe": {
        "requests": "1",
        "memory": "2Gi",
        "grace_s": 120,
        "lag": Lag(topics.WINDOW_READY, 10),
    },
    "diarize": {
        "requests": "1",
        "memory": "2Gi",
        "grace_s": 120,
        "lag": Lag(topics.WINDOW_READY, 10),
    },
    "cluster": {
        "requests": "500m",
        "memory": "2Gi",
        "grace_s": 60,
        "lag": Lag(topics.VOICES_COMPLETE, 10),
    },
    "clips": {"lag": Lag(topics.CLIPS_WANTED, 20)},
}


def settings() -> Settings:
    """Ports as on one machine; every container listens to all of its network."""
    return Settings(host="0.0.0.0")  # noqa: S104 - a container's own network


def parts() -> list[Part]:
    """One a stage, however many workers the settings of this machine ask for."""
    told = settings()
    found: dict[str, Part] = {}
    for process in stage_processes(told):
        name = process.name.rpartition("-")[0] or process.name
        serves = told.port(name) if name in ("gateway", "api") else 0
        port = urlsplit(process.probe).port or 0
        needs: Any = NEEDS.get(name, {})
        module = process.command[-1]
        found.setdefault(name, Part(name, module, port, process.environment, serves, **needs))
    return list(found.values())


def environment(
    kafka: str, s3: str, clickhouse: str, gateway: str, page: str, replication: int
) -> dict[str, str]:
    """What all containers are told. Addresses only: secrets are files under `HOME`."""
    return {
        "LAHSTATS_ENVIRONMENT": "production",
        "LAHSTATS_HOST": "0.0.0.0",  # noqa: S104 - a container's own network
        "LAHSTATS_DATA_DIR": HOME,
        "LAHSTATS_MODELS_DIR": MODELS,
        "LAHSTATS_KAFKA": kafka,
        "LAHSTATS_S3_ENDPOINT": s3,
        "LAHSTATS_CLICKHOUSE_URL": clickhouse,
        "LAHSTATS_GATEWAY_URL": gateway,
        "LAHSTATS_PAGE_ORIGIN": page,
        "LAHSTATS_REPLICATION": str(replication),
    }
