"""A row on its way to the warehouse."""

from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = tuple[str, dict[str, Any]]
"""A table's name, and values by column."""


def moment(unix_ms: int) -> datetime:
    """Unix milliseconds as UTC."""
    return EPOCH + timedelta(milliseconds=unix_ms)
