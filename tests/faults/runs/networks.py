"""The network between the parts and a server is slow, lossy, silent or cut."""

from tests.faults.registry import fault
from tests.faults.scene import SERVERS, Scene
from tests.tcp_proxy import CUT, SILENT, Weather

SLOW = Weather(delay_s=0.3)
LOSSY = Weather(loss=0.3)


@fault("network-slow", rows=("7", "5", "11", "12"), injected="all servers: 0.3 s a piece, 40 s")
def network_slow(scene: Scene) -> None:
    scene.disturb(SERVERS, SLOW, 40)


@fault("network-lossy", rows=("7",), injected="all servers: 30 % of all pieces are late, 40 s")
def network_lossy(scene: Scene) -> None:
    scene.disturb(SERVERS, LOSSY, 40)


@fault("kafka-network-cut", rows=("7", "5"), injected="broker: connections are reset for 20 s")
def kafka_network_cut(scene: Scene) -> None:
    scene.disturb(["kafka"], CUT, 20)


@fault("kafka-network-silent", rows=("7", "T15"), injected="broker: half-open for 20 s")
def kafka_network_silent(scene: Scene) -> None:
    scene.disturb(["kafka"], SILENT, 20)


@fault("s3-network-silent", rows=("7", "11"), injected="S3: half-open for 20 s")
def s3_network_silent(scene: Scene) -> None:
    scene.disturb(["s3"], SILENT, 20)


@fault("clickhouse-network-cut", rows=("7", "12"), injected="ClickHouse: reset for 20 s")
def clickhouse_network_cut(scene: Scene) -> None:
    scene.disturb(["clickhouse"], CUT, 20)
