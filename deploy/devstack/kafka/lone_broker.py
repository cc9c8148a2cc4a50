"""A broker without the rest of a stack."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import not_

from adapters.settings import Settings
from deploy.devstack.kafka.broker import LOCALE
from deploy.prepare.kafka_topics import broker_complaint
from deploy.waiting import until

STARTS_S = 180.0
"""A broker that starts beside two suites is slow."""


@contextmanager
def started(settings: Settings, command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Yield the process of a broker that answers, and kill it at the end. Blocking.

    `command`: as `broker.prepare` returns it. Raises TimeoutError when there is no answer in time.
    """
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env={**os.environ, **LOCALE})
    try:
        until(lambda: broker_complaint(settings), not_, STARTS_S)
        yield process
    finally:
        process.kill()
        process.wait()
