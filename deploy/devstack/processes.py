"""Every process of the local stack: its command line, and the URL that says whether it works."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from adapters.settings import Settings
from deploy.devstack import front
from deploy.devstack.kafka import broker
from deploy.devstack.obstacles import Address
from deploy.front_door.nginx import ALIVE
from schemas import stages
from schemas.stage_kinds import Need, Stage

VERSITYGW = Path(".local/bin/versitygw")
THREADS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""One thread a model: two were no faster on two cores, and eight times slower under contention."""

HOST_NAME = "here"
"""Of the workers. That of the machine may change from day to day, while the stack is down."""


@dataclass(frozen=True)
class Process:
    """One process.

    `probe` is a URL that answers 200 when the process can work. It is empty for Kafka, which is
    asked by its own client. `serves` is what others need of a server. `needs` are the servers
    that must be prepared before a stage is started.
    """

    name: str
    command: list[str]
    probe: str
    environment: dict[str, str] = field(default_factory=dict)
    serves: Need | None = None
    needs: frozenset[Need] = frozenset()
    listens: tuple[Address, ...] = ()

    @property
    def loads_models(self) -> bool:
        """Whether it loads models before it can work: much longer than the others take."""
        return Need.MODELS in self.needs


def servers(settings: Settings) -> list[Process]:
    """Return Kafka, S3 and ClickHouse: started first, and prepared before anything else runs.

    Writes their configuration. Blocking: Kafka's storage is formatted once, in seconds.
    """
    clickhouse = Process(
        "clickhouse",
        _python("deploy.devstack.chdb_server.main"),
        f"{settings.clickhouse_url}/ping",
        serves=Need.WAREHOUSE,
        listens=_here(settings, "clickhouse"),
    )
    kafka = Process(
        "kafka",
        broker.prepare(settings),
        "",
        broker.LOCALE,
        serves=Need.KAFKA,
        listens=_here(settings, "kafka", "kafka_controller"),
    )
    return [kafka, _s3(settings), clickhouse]


def _s3(settings: Settings) -> Process:
    data = settings.data_dir.resolve() / "s3"
    data.mkdir(parents=True, exist_ok=True)
    address = f"{settings.host}:{settings.port('s3')}"
    options = ["--port", address, "--quiet", "--keep-alive", "--health", "/health"]
    environment = {
        "ROOT_ACCESS_KEY": settings.s3_access_key,
        "ROOT_SECRET_KEY": settings.s3_secret_key.get_secret_value(),
    }
    command = [str(VERSITYGW.resolve()), *options, "posix", str(data)]
    probe = f"http://{address}/health"
    listens = _here(settings, "s3")
    return Process("s3", command, probe, environment, serves=Need.OBJECTS, listens=listens)


def _here(settings: Settings, *names: str) -> tuple[Address, ...]:
    return tuple((settings.host, settings.port(name)) for name in names)


def front_door(settings: Settings) -> Process:
    """Return nginx, which is started first: it says in words that the rest is not there yet."""
    config = front.file(settings)
    address = f"{settings.host}:{settings.port('front')}"
    command = [str(front.nginx()), "-c", str(config), "-e", "stderr"]
    listens = _here(settings, "front")
    if settings.phone_address:
        listens += ((settings.phone_address, settings.port("phone")),)
    return Process("front", command, f"http://{address}{ALIVE}", listens=listens)


def stage_processes(settings: Settings, of: Iterable[Stage] = stages.ALL) -> list[Process]:
    """Return our own processes, one for each worker; each serves /readyz on a port of its own."""
    return [
        stage_process(settings, stage, worker)
        for stage in of
        for worker in range(worker_count(settings, stage))
    ]


def worker_count(settings: Settings, stage: Stage) -> int:
    """Return how many workers of `stage` this machine runs."""
    return int(getattr(settings, f"{stage.name}_workers")) if stage.has_workers else 1


def stage_process(settings: Settings, stage: Stage, worker: int) -> Process:
    """Return worker `worker` of a stage. Its health port is that of the stage, plus its number."""
    port = settings.port_base + stage.health_port + worker
    environment = {
        **THREADS,
        "LAHSTATS_HEALTH_PORT": str(port),
        "LAHSTATS_WORKER": str(worker),
        "LAHSTATS_HOST_NAME": HOST_NAME,
    }
    name = f"{stage.name}-{worker}" if stage.has_workers else stage.name.value
    probe = f"http://{settings.host}:{port}/readyz"
    needs = frozenset(stage.needs)
    listens: tuple[Address, ...] = ((settings.host, port),)
    if stage.is_public:
        listens += _here(settings, stage.name)
    return Process(name, _python(stage.module), probe, environment, needs=needs, listens=listens)


def _python(module: str) -> list[str]:
    return [sys.executable, "-m", module]
