"""`python -m tests.integration.group_worker`: a consumer process with a cheap step.

It says TextExpired of every session that it hears a Tick of. Arguments: address of the broker,
group, number of the worker, seconds for each message, and a file to which it writes each session
as it begins.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

from adapters.process import lifecycle
from adapters.settings import Settings
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.runtime.process import serve
from schemas import stages
from schemas.fact_sheet import Topic
from schemas.rejections import Reason
from schemas.session_events import TextExpired, Tick
from schemas.stage_kinds import Stage
from schemas.topics import DECIDED, INBOUND, LETTERS


@dataclass(frozen=True, kw_only=True)
class TellingStage(Stage):
    """A stage on topics that no fact sheet gives it, in a group of its own."""

    own_group: str

    @property
    def group(self) -> str:
        return self.own_group

    @cached_property
    def reads(self) -> tuple[Topic, ...]:
        return (INBOUND,)

    @cached_property
    def writes(self) -> tuple[Topic, ...]:
        return (DECIDED, LETTERS)


class Telling:
    """The cheap step."""

    name = "telling"
    batch_size = 10
    counts_attempts = False
    gather_s = 0.0

    def __init__(self, work_s: float, begun: Path) -> None:
        self._work_s = work_s
        self._begun = begun

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        ticks = [record.event for record in records if isinstance(record.event, Tick)]
        with self._begun.open("a") as begun:
            begun.writelines(f"{tick.session_id}\n" for tick in ticks)
        time.sleep(self._work_s * len(ticks))
        told = [TextExpired(occurred_at_ms=1, session_id=tick.session_id) for tick in ticks]
        return [Done(((DECIDED, event),)) for event in told]

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, detail)


def main(bootstrap: str, group: str, worker: str, work_s: str, begun: str) -> int:
    settings = Settings(kafka=bootstrap, worker=int(worker))
    of_clips = {field.name: getattr(stages.CLIPS, field.name) for field in fields(stages.CLIPS)}
    stage = TellingStage(**of_clips, own_group=group)
    return serve(lifecycle.begin(settings, stage), Telling(float(work_s), Path(begun)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
