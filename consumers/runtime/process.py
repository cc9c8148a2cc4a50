"""Composition that the mains of all consumers share: signals, health, the loop, a clean exit."""

import signal

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.publisher import KafkaPublisher, StagePublisher
from adapters.process import health, logs
from adapters.settings import Settings
from consumers.runtime.loop import Loop
from consumers.runtime.outcome import Step
from schemas.stages import Stage


def serve(settings: Settings, step: Step, stage: Stage) -> int:
    """Run `step` as the consumer group of `stage` until SIGTERM. Blocks.

    Returns 0 after the batch in hand is finished. Raises what must crash the process.
    """
    logs.configure(f"{step.name}-{settings.worker}")
    consumer = KafkaConsumer(settings.kafka, stage.group)
    publisher = KafkaPublisher(settings.kafka)
    loop = Loop(consumer, StagePublisher(publisher, stage), step)
    consumer.subscribe([topic.name for topic in stage.reads], loop.on_revoke)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: loop.stop())
    health.serve(settings.host, settings.health_port, consumer.assigned)
    loop.run()
    publisher.close()
    consumer.close()
    return 0
