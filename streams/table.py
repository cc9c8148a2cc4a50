"""A Faust table whose changelog writes can be awaited: a commit must never overtake the state it stands for."""

import asyncio
from typing import Any

from faust.tables.table import Table


class ConfirmedTable(Table[bytes, bytes]):
    """bytes -> bytes. Faust sends changelog entries in the background; `confirm` waits for the broker's answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key_serializer = self.value_serializer = "raw"
        self._unconfirmed: list[Any] = []

    def send_changelog(self, *args: Any, **kwargs: Any) -> Any:
        """As Faust does, remembering the future."""
        sent = super().send_changelog(*args, **kwargs)
        self._unconfirmed.append(sent)
        return sent

    async def confirm(self) -> None:
        """Returns when every write since the last call is acknowledged."""
        waiting, self._unconfirmed = self._unconfirmed, []
        await asyncio.gather(*waiting)
