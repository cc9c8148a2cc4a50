"""A server is killed, stopped or frozen, and comes back."""

from tests.faults.registry import fault
from tests.faults.scene import Scene


@fault(
    "kafka-killed",
    rows=("5",),
    injected="broker: kill -9, away for 25 s",
    may_restart=("kafka",),
)
def kafka_killed(scene: Scene) -> None:
    scene.kill("kafka", away_s=25)


@fault("kafka-frozen", rows=("5", "T15"), injected="broker: SIGSTOP for 45 s")
def kafka_frozen(scene: Scene) -> None:
    scene.freeze("kafka", 45)


@fault(
    "kafka-away-a-minute",
    rows=("5", "T18"),
    injected="broker: SIGTERM, away for 60 s",
    may_restart=("kafka",),
)
def kafka_away_a_minute(scene: Scene) -> None:
    scene.stop("kafka", away_s=60)


@fault("s3-killed", rows=("11",), injected="S3: kill -9, away for 25 s", may_restart=("s3",))
def s3_killed(scene: Scene) -> None:
    scene.kill("s3", away_s=25)


@fault("s3-frozen", rows=("11",), injected="S3: SIGSTOP for 45 s")
def s3_frozen(scene: Scene) -> None:
    scene.freeze("s3", 45)


@fault(
    "clickhouse-killed",
    rows=("12",),
    injected="ClickHouse: kill -9, away for 40 s",
    may_restart=("clickhouse",),
)
def clickhouse_killed(scene: Scene) -> None:
    scene.kill("clickhouse", away_s=40)


@fault("clickhouse-frozen", rows=("12",), injected="ClickHouse: SIGSTOP for 45 s")
def clickhouse_frozen(scene: Scene) -> None:
    scene.freeze("clickhouse", 45)
