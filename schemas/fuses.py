"""Fuses that are open, and where that is kept: a compacted topic beside those of the stages."""

from schemas.event import Value
from schemas.fact_sheet import Topic
from schemas.stage_names import StageName

FUSES = Topic(
    name="fuses.v1", events=(), writers=(), readers=(), key=(), partitions=1, compacted=True
)
"""One value for each stage or fold whose fuse is open, under its name.

No stage works on it, so it is in no fact sheet: it tells a stage whether it may work at all.
"""


class OpenFuse(Value, frozen=True, kw_only=True):
    """The fuse of `stage` is open since `opened_at_ms`, Unix time.

    `failed` of `sources` people or sessions had a dead letter, the last one for `reason`.
    """

    stage: StageName
    opened_at_ms: int
    failed: int
    sources: int
    reason: str

    def in_words(self) -> str:
        """The stage waits for this: what happened and what to do, in one line."""
        return (
            f"somebody to close its fuse: messages of {self.failed} of {self.sources} people or "
            f"sessions became dead letters, the last for {self.reason}; see `lahstats dlq list`, "
            f"mend the cause, then `lahstats fuse close {self.stage}`"
        )
