"""How many windows wait for the model stages, for `lahstats status`."""

import contextlib

from adapters.kafka.lag import GroupLag
from adapters.process.retry import TransientError
from adapters.settings import Settings
from schemas import stages


def windows_waiting(settings: Settings) -> dict[str, dict[str, int]]:
    """Return the windows that wait by stage and kind; nothing of stages while Kafka is away.

    Blocking.
    """
    found: dict[str, dict[str, int]] = {}
    for stage in stages.ALL:
        if any(topic.yields for topic in stage.reads):
            with contextlib.suppress(TransientError):
                lag = GroupLag(settings.kafka, stage.group, stage.reads).by_kind()
                found[stage.name] = {kind.value: number for kind, number in lag.items()}
    return found
