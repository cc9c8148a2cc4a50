"""Metrics and logs of a batch: how long its work took, and what each message came to."""

from collections.abc import Sequence

from adapters.kafka.dead_letters import Letters
from adapters.process import metrics, work_log
from consumers.runtime.outcome import DeadLettered, Record
from consumers.runtime.results import Result


def work_done(
    stage: str,
    records: Sequence[Record],
    messages: int,
    took_s: float,
) -> None:
    """The step has worked on `records`, the events among so many messages."""
    metrics.WORK_SECONDS.labels(stage).observe(took_s)
    events = [record.event for record in records]
    work_log.batch_done(stage, events, messages, took_s)


def settled(stage: str, results: Sequence[Result], letters: Letters) -> None:
    """These outcomes are published and committed."""
    for result in results:
        metrics.EVENTS_HANDLED.labels(stage, result.label).inc()
        if isinstance(result.outcome, DeadLettered):
            reason = result.outcome.reason
            metrics.DEAD_LETTERS.labels(stage, reason).inc()
            letters.log(result.source, reason)
