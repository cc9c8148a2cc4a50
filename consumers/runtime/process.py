"""Composition shared by the consumers' mains: signals, health, the loop, a clean exit."""

import signal

from adapters.kafka.consumer import KafkaConsumer, Place
from adapters.kafka.publisher import KafkaPublisher, StagePublisher
from adapters.process import health, logs
from adapters.settings import Settings
from consumers.runtime.loop import Loop
from consumers.runtime.outcome import Step
from schemas.stages import Stage


def serve(settings: Settings, step: Step, stage: Stage) -> int:
    """Run `step` as the consumer group of `stage` until SIGTERM. Returns 0 after a clean drain."""
    logs.configure(f"{step.name}-{settings.worker}")
    loops: list[Loop] = []

    def on_revoke(places: set[Place]) -> None:
        for loop in loops:
            loop.on_revoke(places)

    consumer = KafkaConsumer(
        settings.kafka, stage.group, [topic.name for topic in stage.reads], on_revoke
    )
    publisher = KafkaPublisher(settings.kafka)
    loop = Loop(consumer, StagePublisher(publisher, stage), step)
    loops.append(loop)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: loop.stop())
    health.serve(settings.host, settings.health_port, consumer.assigned)
    loop.run()
    publisher.close()
    consumer.close()
    return 0
