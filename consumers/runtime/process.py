"""Composition that the mains of all consumers share: signals, health, the loop, a clean exit."""

import signal
from collections.abc import Callable
from typing import NoReturn

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.dead_letters import Letters
from adapters.kafka.fuse import Fuse, FuseOpened
from adapters.kafka.fuse_gate import FuseGate, Fuses
from adapters.kafka.session_owners import SessionOwners
from adapters.kafka.stage_transactions import StageTransactions
from adapters.kafka.transaction import started
from adapters.process.clock import unix_ms
from adapters.process.lifecycle import Lifecycle
from adapters.process.logs import logger
from adapters.process.retry import stop_waiting
from consumers.runtime import lag
from consumers.runtime.deadlines import HangsError
from consumers.runtime.loop import Loop
from consumers.runtime.outcome import Step

HUNG = 70
"""Exit status of a process whose work hung. The supervisor starts it again."""


def serve(process: Lifecycle, step: Step) -> int:
    """Run `step` as the consumer group of the process's stage until SIGTERM. Blocks.

    Takes no message while the fuse of the stage is open. Returns 0 after the batch in hand is
    finished or given up. Raises what must crash the process.
    """
    stage = process.stage
    settings = process.settings
    gate = FuseGate(stage.name, Fuses(settings.kafka), unix_ms)
    process.waits_for(lambda: gate.waits_for() or "Kafka")
    gate.wait()
    consumer = KafkaConsumer(settings.kafka, stage.group, stage.reads)
    transactions = started(settings, stage)
    guarded = StageTransactions(transactions, stage)
    letters = Letters(stage.name, unix_ms)
    fuse = Fuse(stage.name, SessionOwners(settings.kafka).of)
    loop = Loop(consumer, guarded, step, stage.reads, letters, fuse)
    consumer.join(loop.on_revoke, loop.on_lost)
    _stop_at_signals(loop)
    process.ready_when(consumer.assigned, "partitions")
    lag.export(settings.kafka, stage)
    has_finished = _run(loop, gate, process.end)
    transactions.close()
    has_left = consumer.close()
    if not (has_finished and has_left):
        process.end()  # a thread still waits for a server, and Python would wait for the thread
    return 0


def _stop_at_signals(loop: Loop) -> None:
    def stop(*_: object) -> None:
        loop.stop()
        stop_waiting()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)


def _run(loop: Loop, gate: FuseGate, end: Callable[[int], NoReturn]) -> bool:
    """As `Loop.run`. A fuse that opens is kept open across restarts.

    Calls `end` when the work hangs: Python would wait for its thread.
    """
    try:
        return loop.run()
    except HangsError as error:
        logger().error("process_failed", error=type(error).__name__, reason=str(error))
        end(HUNG)
    except FuseOpened as error:
        gate.keep_open(error)
        raise
