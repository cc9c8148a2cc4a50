"""An archive of the classes that a broker loads: with it a start takes less processor time.

Java reads thousands of classes from jars and verifies them at each start. Archived ones are mapped.
Java itself leaves an archive aside that does not belong to it or to the jars.
"""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.settings import Settings
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.kafka import broker
from deploy.devstack.kafka.lone_broker import started
from deploy.devstack.obstacles import StackError
from deploy.prepare.kafka_topics import create_topics

ENDS_S = 120.0
"""Java writes the archive at the end of the broker."""


def is_made() -> bool:
    """Return whether the archive is there, or cannot be: libraries from a cache are read only."""
    is_fixed = broker.LIBS.exists() and not os.access(broker.LIBS, os.W_OK)
    return is_fixed or broker.ARCHIVE.exists()


def make() -> None:
    """Run a broker of its own with all topics, and keep what it loaded. Blocking, some ten seconds.

    Raises RuntimeError when the broker does not start or does not end in time.
    """
    part = broker.ARCHIVE.resolve().with_suffix(".part")
    with TemporaryDirectory() as folder:
        try:
            _run(Settings(data_dir=Path(folder), port_base=free_port_base()), part)
        except (TimeoutError, subprocess.TimeoutExpired, StackError) as error:
            raise RuntimeError(f"the broker whose classes are kept: {error}") from None
    part.replace(broker.ARCHIVE)


def _run(settings: Settings, archive: Path) -> None:
    """End it as `down` does: Java archives nothing of a process that is killed."""
    java, *arguments = broker.prepare(settings)
    with started(settings, [java, f"-XX:ArchiveClassesAtExit={archive}", *arguments]) as process:
        create_topics(settings)
        process.terminate()
        process.wait(ENDS_S)
