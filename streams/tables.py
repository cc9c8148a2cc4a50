"""Faust tables whose changelog writes can be awaited and whose recovery cannot miss its end."""

import asyncio
from typing import Any

from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from faust.tables.table import Table


class ConfirmedTable(Table[bytes, bytes]):
    """bytes -> bytes. Faust sends changelog entries in the background; `confirm` awaits them.

    Without it a commit could overtake the state that it stands for.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key_serializer = self.value_serializer = "raw"
        self._unconfirmed: list[Any] = []

    def send_changelog(self, *args: Any, **kwargs: Any) -> Any:
        """Sends as Faust does, and remembers the future."""
        sent = super().send_changelog(*args, **kwargs)
        self._unconfirmed.append(sent)
        return sent

    async def confirm(self) -> None:
        """Returns when the broker has acknowledged every write since the last call."""
        waiting = self._unconfirmed
        self._unconfirmed = []
        await asyncio.gather(*waiting)


class Latch(asyncio.Event):
    """An event that stays set until it is armed again; `clear` does nothing."""

    def clear(self) -> None:
        """Does nothing: Faust's changelog reader calls it on each turn, before anybody waits."""

    def arm(self) -> None:
        """Unsets the event."""
        super().clear()


class LatchedRecovery(Recovery):
    """Recovery whose end stays visible.

    Faust 0.15.3 loses the end of a recovery that is shorter than one turn of its loop, and then
    waits for ever.
    """

    @property
    def signal_recovery_end(self) -> Latch:
        """One latch for the life of the service."""
        if not isinstance(self._signal_recovery_end, Latch):
            self._signal_recovery_end = Latch()
        return self._signal_recovery_end

    def _set_recovery_started(self) -> None:
        super()._set_recovery_started()
        self.signal_recovery_end.arm()

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        """Stops deliveries between the seek to committed offsets and the resuming of queues.

        Resuming clears the queues. Messages fetched in between would never be folded, and no commit
        would pass that gap again.
        """
        self.app.consumer.stop_flow()
        self.app.flow_control.suspend()
        await super().on_recovery_completed(generation_id)


class LatchedTables(TableManager):
    """Faust's table manager with that recovery; `TableManager=` of an app."""

    @property
    def recovery(self) -> LatchedRecovery:
        """Made at the first use, as Faust does."""
        if not isinstance(self._recovery, LatchedRecovery):
            self._recovery = LatchedRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
