"""Composition that the mains of all consumers share: signals, health, the loop, a clean exit."""

import signal

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.publisher import KafkaPublisher, StagePublisher
from adapters.process.lifecycle import Lifecycle
from consumers.runtime.loop import Loop
from consumers.runtime.outcome import Step


def serve(process: Lifecycle, step: Step) -> int:
    """Run `step` as the consumer group of the process's stage until SIGTERM. Blocks.

    Returns 0 after the batch in hand is finished. Raises what must crash the process.
    """
    stage = process.stage
    consumer = KafkaConsumer(process.settings.kafka, stage.group)
    publisher = KafkaPublisher(process.settings.kafka)
    loop = Loop(consumer, StagePublisher(publisher, stage), step)
    consumer.subscribe([topic.name for topic in stage.reads], loop.on_revoke)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: loop.stop())
    process.ready_when(consumer.assigned, "partitions")
    loop.run()
    publisher.close()
    consumer.close()
    return 0
