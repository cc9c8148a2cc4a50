"""The settings that all Kafka clients share: the broker's address, and where log lines go."""

import logging
from collections.abc import Mapping
from typing import Any

from adapters.process.coalescing import Coalescing

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
