"""The timer of the sessions: publishes a Tick for each session that time alone changes."""

import asyncio

from adapters.kafka.publisher import Publisher, outgoing
from adapters.process.clock import Clock
from adapters.process.logs import logger
from adapters.process.retry import TransientError
from schemas import topics
from streams.host.handled import AHEAD_MS, Handled
from streams.sessions.due import DueSessions

TICK_S = 1.0
"""Seconds between two looks at the sessions that are due."""


class SessionTimer:
    """Ticks are no answer to an event, so they are published outside the agents' order.

    That is safe: a Tick that is lost is sent again, and one that is repeated, or that comes from
    two workers, changes nothing.
    """

    def __init__(
        self, due: DueSessions, handled: Handled, publisher: Publisher, clock: Clock
    ) -> None:
        self._due = due
        self._handled = handled
        self._publisher = publisher
        self._clock = clock

    async def publish_ticks(self) -> None:
        """Publishes the Ticks that are due now. Returns when the broker has acknowledged them.

        Ticks that a broker which is away does not take are due again: nobody is told but the log.
        """
        now_ms = self._clock()
        handled_until_ms = self._handled.known
        if self._due.has_any(now_ms + AHEAD_MS):  # else nobody needs to know
            handled_until_ms = await asyncio.to_thread(self._handled.until, now_ms)
        ticks = self._due.ticks(now_ms, handled_until_ms)
        if not ticks:
            return
        messages = [outgoing(topics.INBOUND, tick) for tick in ticks]
        try:
            await asyncio.to_thread(self._publisher.publish, messages)
        except TransientError as error:
            # Faust would end the whole worker, and with it the folds, which wait for the broker.
            logger().warning("ticks_not_taken", ticks=len(ticks), reason=str(error))
