"""An archive of the classes that a broker loads: with it a start takes half the processor time.

Java reads thousands of classes from jars and verifies them at each start. Archived ones are mapped.
Java itself leaves an archive aside that does not belong to it or to the jars.
"""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import not_
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.settings import Settings
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.kafka import broker
from deploy.prepare.kafka_topics import broker_complaint, create_topics
from deploy.waiting import until

STARTS_S = 180.0
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
        settings = Settings(data_dir=Path(folder), port_base=free_port_base())
        java, *arguments = broker.prepare(settings)
        try:
            with _running([java, f"-XX:ArchiveClassesAtExit={part}", *arguments]):
                until(lambda: broker_complaint(settings), not_, STARTS_S)
                create_topics(settings)
        except (TimeoutError, subprocess.TimeoutExpired) as error:
            raise RuntimeError(f"the broker whose classes are kept: {error}") from None
    part.replace(broker.ARCHIVE)


@contextmanager
def _running(command: Sequence[str]) -> Iterator[None]:
    """End it as `down` does: Java archives nothing of a process that is killed."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdout=quiet, stderr=quiet, env={**os.environ, **broker.LOCALE}
    )
    try:
        yield
        process.send_signal(signal.SIGTERM)
        process.wait(ENDS_S)
    finally:
        process.kill()
        process.wait()
