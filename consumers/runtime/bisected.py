"""A batch that fails is halved until the record is found that fails alone."""

from collections.abc import Callable, Sequence

from adapters.kafka.publisher import outgoing, too_large
from adapters.process.logs import logger
from adapters.process.retry import (
    TransientError,
    is_of_machine,
    is_out_of_memory,
    retry_transient,
)
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record, Step
from schemas.rejections import Reason, Rejected

Watch = Callable[[Sequence[Record], Sequence[Outcome]], None]
"""Is told what became of some records. May raise, which ends the work."""


def bisected(step: Step, records: Sequence[Record], watch: Watch) -> list[Outcome]:
    """One outcome for each record, in order. Blocking, as the step is.

    A record that fails alone is given up; all others are handled. Parts of a batch may be handled
    several times: a step is repeatable. A batch for which there is no memory is halved as well.
    Raises TransientError when a server stays away, and what says that the machine or a server is
    unwell, whatever it works on.
    """
    try:
        outcomes = retry_transient(lambda: step.process(records))
    except TransientError:
        raise
    except Exception as error:
        is_alone = len(records) == 1
        if is_of_machine(error) and (is_alone or not is_out_of_memory(error)):
            raise
        if is_alone:
            outcomes = [_given_up(step, records[0], error)]
        else:
            middle = len(records) // 2
            first = bisected(step, records[:middle], watch)
            return [*first, *bisected(step, records[middle:], watch)]
    outcomes = [_taken(step, *one) for one in zip(records, outcomes, strict=True)]
    watch(records, outcomes)
    return outcomes


def _taken(step: Step, record: Record, outcome: Outcome) -> Outcome:
    """The outcome; a dead letter in place of one with an event that no broker takes."""
    if not isinstance(outcome, Done):
        return outcome
    found = too_large([outgoing(topic, event) for topic, event in outcome.events])
    if not found:
        return outcome
    _log(step, record, found, exc_info=None)
    return step.give_up(record, Reason.STEP_FAILED, found)


def _given_up(step: Step, record: Record, error: Exception) -> DeadLettered:
    if isinstance(error, Rejected):
        # Its cause may show a value of the row, so the log has the reason alone.
        _log(step, record, error.reason, exc_info=None)
        return step.give_up(record, error.reason, error.detail)
    name = type(error).__name__
    _log(step, record, name, exc_info=error)
    return step.give_up(record, Reason.STEP_FAILED, name)


def _log(step: Step, record: Record, error: str, exc_info: Exception | None) -> None:
    logger().error(
        "step_failed",
        stage=step.name,
        topic=record.topic.name,
        partition=record.partition,
        offset=record.offset,
        error=error,
        exc_info=exc_info,
    )
