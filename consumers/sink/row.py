"""A row on its way to the warehouse."""

from datetime import UTC, datetime
from typing import Any

Row = tuple[str, dict[str, Any]]
"""A table's name, and values by column."""


def moment(unix_ms: int) -> datetime:
    """Unix milliseconds as UTC."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC)
