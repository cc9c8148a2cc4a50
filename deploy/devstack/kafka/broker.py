"""One KRaft node: its properties, its storage, its command line."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.settings import Settings
from deploy.devstack.obstacles import StackError
from deploy.prepare.private_file import is_written

LIBS = Path(".local/kafka/libs")
FORMATTED = LIBS / "formatted"
"""An empty storage, made by the jars beside it and thrown away with them. Each stack has a copy."""
ARCHIVE = LIBS / "classes.jsa"
"""The classes of a broker, archived beside their jars (`class_archive`)."""
META = "meta.properties"
"""Kafka takes a folder with this file for a storage that is formatted."""
CLUSTER_ID = "bGFoc3RhdHMtbG9jYWwtMQ"
JVM = ["-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"]
"""Without data for other tools, for which Java wakes up twenty times a second."""
LOCALE = {"LC_ALL": "C.UTF-8"}
"""Java reads names of files by the locale."""
LOG4J = """<Configuration status="ERROR">
<Appenders><Console name="out"><PatternLayout pattern="%d %p %c{1} %m%n"/></Console></Appenders>
<Loggers><Root level="WARN"><AppenderRef ref="out"/></Root></Loggers></Configuration>
"""


PROPERTIES = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
listeners=PLAINTEXT://{host}:{broker},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{kafka}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={logs}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.consumer.min.session.timeout.ms=1000
group.consumer.session.timeout.ms=10000
group.consumer.min.heartbeat.interval.ms=500
group.consumer.heartbeat.interval.ms=1000
metadata.max.idle.interval.ms=10000
num.io.threads=4
num.network.threads=2
background.threads=2
log.index.size.max.bytes=1048576
log.cleaner.dedupe.buffer.size=16777216
"""


def properties(settings: Settings, logs: Path) -> str:
    """Return server.properties: internal topics have one replica, and no topic makes itself.

    A lone controller writes a record of nothing each half second, so that followers know it lives.
    There are no followers here, so it writes one each ten seconds. Clients are told the address of
    the settings, which may be that of a network in between.
    """
    return PROPERTIES.format(
        host=settings.host,
        broker=settings.port("kafka"),
        controller=settings.port("kafka_controller"),
        kafka=settings.kafka,
        logs=_for_java(logs),
    )


def _for_java(path: Path) -> str:
    """Return a path as Java reads it from properties: letters outside ASCII by their numbers."""
    return "".join(letter if letter.isascii() else _numbered(letter) for letter in str(path))


def _numbered(letter: str) -> str:
    units = letter.encode("utf-16-be")
    pairs = zip(units[::2], units[1::2], strict=True)
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in pairs)


def prepare(settings: Settings) -> list[str]:
    """Write the properties, begin with an empty storage, and return the broker's command line.

    Blocking; a second the first time in a clone.
    """
    home = settings.data_dir.resolve() / "kafka"
    logs = home / "logs"
    config = home / "server.properties"
    log4j = home / "log4j2.xml"
    home.mkdir(parents=True, exist_ok=True)
    config.write_text(properties(settings, logs))
    log4j.write_text(LOG4J)
    options = [*JVM, *_archived_classes(), f"-Dlog4j2.configurationFile={log4j}"]
    java = ["java", *options, "-cp", f"{LIBS.resolve()}/*"]
    if not is_written(logs / META):
        _begin(logs, settings, java)
    return [*java, "kafka.Kafka", str(config)]


def _archived_classes() -> list[str]:
    return [f"-XX:SharedArchiveFile={ARCHIVE.resolve()}"] if ARCHIVE.exists() else []


def _begin(logs: Path, settings: Settings, java: Sequence[str]) -> None:
    """Make `logs` a storage that is formatted. One that is half made is completed."""
    if (FORMATTED / META).exists():
        _copy(FORMATTED, logs)
        return
    # The libraries may come from a cache that is read only: then nothing is kept beside them.
    is_kept = os.access(LIBS, os.W_OK)
    with TemporaryDirectory(dir=LIBS if is_kept else logs.parent) as folder:
        formatted = _format(Path(folder).resolve(), settings, java)
        _copy(formatted, logs)
        if is_kept:
            _keep(formatted)


def _format(folder: Path, settings: Settings, java: Sequence[str]) -> Path:
    """Return an empty storage in `folder`, in a second. It holds no address and no path."""
    logs = folder / "logs"
    config = folder / "server.properties"
    config.write_text(properties(settings, logs))
    command = [*java, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(config)]
    try:
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **LOCALE})
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise StackError(f"Kafka cannot format its storage: {said[-500:]}") from None
    return logs


def _copy(formatted: Path, logs: Path) -> None:
    """Other files of `logs` stay. META comes last: with it the storage is whole."""
    shutil.copytree(formatted, logs, ignore=shutil.ignore_patterns(META), dirs_exist_ok=True)
    part = logs.with_suffix(".part")
    shutil.copyfile(formatted / META, part)
    part.replace(logs / META)


def _keep(formatted: Path) -> None:
    try:
        formatted.rename(FORMATTED)
    except OSError:
        if not (FORMATTED / META).exists():  # else another stack was quicker
            raise
