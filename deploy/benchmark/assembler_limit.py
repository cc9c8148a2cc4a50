"""The limit of `lahstats benchmark assembler`: a bare loop that consumes, produces, commits.

`python -m deploy.benchmark.assembler_limit KAFKA SOURCE TARGET` copies messages in transactions
until SIGTERM. It decodes nothing and keeps no state: no host of a fold can be quicker with the
same client and the same promise.
"""

import sys

from confluent_kafka import Consumer, Producer

BATCH = 500
WAIT_S = 0.01
TIMEOUT_S = 30


def main() -> int:
    """Block for ever."""
    kafka, source, target = sys.argv[1:]
    consumer = Consumer(
        {
            "bootstrap.servers": kafka,
            "group.id": f"bare-{source}",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    producer = Producer(
        {"bootstrap.servers": kafka, "transactional.id": f"bare-{source}", "retry.backoff.ms": 5}
    )
    producer.init_transactions(TIMEOUT_S)
    consumer.subscribe([source])
    while True:
        _copy(consumer, producer, target)


def _copy(consumer: Consumer, producer: Producer, target: str) -> None:
    messages = consumer.consume(BATCH, timeout=WAIT_S)
    if not messages:
        return
    producer.begin_transaction()
    for message in messages:
        producer.produce(target, key=message.key(), value=message.value())
    places = consumer.position(consumer.assignment())
    reached = [place for place in places if place.offset >= 0]
    producer.send_offsets_to_transaction(reached, consumer.consumer_group_metadata())
    producer.commit_transaction(TIMEOUT_S)


if __name__ == "__main__":
    sys.exit(main())
