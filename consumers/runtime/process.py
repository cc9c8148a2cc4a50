"""Composition that the mains of all consumers share: signals, health, the loop, a clean exit."""

import signal

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.stage_transactions import StageTransactions
from adapters.kafka.transaction import started
from adapters.process.lifecycle import Lifecycle
from consumers.runtime import lag
from consumers.runtime.loop import Loop
from consumers.runtime.outcome import Step


def serve(process: Lifecycle, step: Step) -> int:
    """Run `step` as the consumer group of the process's stage until SIGTERM. Blocks.

    Returns 0 after the batch in hand is finished. Raises what must crash the process.
    """
    stage = process.stage
    settings = process.settings
    consumer = KafkaConsumer(settings.kafka, stage.group)
    transactions = started(settings, stage.group)
    loop = Loop(consumer, StageTransactions(transactions, stage), step, stage.reads)
    consumer.subscribe([topic.name for topic in stage.reads], loop.on_revoke)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: loop.stop())
    process.ready_when(consumer.assigned, "partitions")
    lag.export(settings.kafka, stage)
    loop.run()
    transactions.close()
    consumer.close()
    return 0
