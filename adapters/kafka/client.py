"""All Kafka clients share this: settings, where log lines go, and the meaning of an error."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from confluent_kafka import KafkaException

from adapters.process.coalescing import Coalescing
from adapters.process.retry import TransientError

ERRORS = 3
"""Level of a client that is polled: its log lines come out in a poll."""
FATAL = 2
"""Level of a client that is seldom polled: other lines would pile up while its broker is away."""
RECONNECT_MS = 500
"""Least wait between two connections.

The growing wait of the client begins anew whenever it asks for the addresses of the brokers. It
does that all the time while none of them answers.
"""
RECONNECT_MAX_MS = 10_000

log = logging.getLogger("kafka-client")
log.addFilter(Coalescing())


def client(bootstrap: str, own: Mapping[str, Any], level: int = ERRORS) -> dict[str, Any]:
    """Settings of a client of the broker at `bootstrap`; `own` are those of this client alone."""
    return {
        "bootstrap.servers": bootstrap,
        "reconnect.backoff.ms": RECONNECT_MS,
        "reconnect.backoff.max.ms": RECONNECT_MAX_MS,
        "log_level": level,
        "logger": log,
        **own,
    }


@contextmanager
def transient_when_away() -> Iterator[None]:
    """TransientError in place of the client's KafkaException, and of an answer that never came."""
    try:
        yield
    except KafkaException as error:
        raise TransientError(f"kafka: {error.args[0].name()}") from error
    except TimeoutError as error:
        raise TransientError("kafka: no answer") from error
