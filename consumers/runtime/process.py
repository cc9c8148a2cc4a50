"""Composition that the mains of all consumers share: signals, health, the loop, a clean exit."""

import signal
import socket

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.stage_transactions import StageTransactions
from adapters.kafka.transaction import KafkaTransactions
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
    # No two live workers of a stage may have one name: the later would end the earlier.
    writer = f"{stage.group}-{socket.gethostname()}-{settings.worker}"
    transactions = KafkaTransactions(settings.kafka, writer)
    transactions.start()
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
