"""The shape of a stage, and of a fold of `streams`."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from schemas import topics
from schemas.fact_sheet import Topic
from schemas.stage_names import CONSUMERS, StageName


class Need(StrEnum):
    """A server, or the weights of models, that a stage cannot start without."""

    KAFKA = "Kafka"
    OBJECTS = "S3"
    WAREHOUSE = "ClickHouse"
    MODELS = "models"


@dataclass(frozen=True)
class Role:
    """A stage or a fold. Its topics are those whose fact sheets name it."""

    name: StageName

    @property
    def _names(self) -> set[StageName]:
        return {self.name}

    @cached_property
    def reads(self) -> tuple[Topic, ...]:
        """The topics that it subscribes to."""
        return tuple(topic for topic in topics.ALL if self._names & set(topic.readers))

    @cached_property
    def writes(self) -> tuple[Topic, ...]:
        """The topics that it may publish to, without its dead letters."""
        return tuple(topic for topic in topics.ALL if self._names & set(topic.writers))


@dataclass(frozen=True)
class Fold(Role):
    """One fold of the Faust worker. It is a consumer group, and has a changelog of its own."""

    @property
    def group(self) -> str:
        """The name of its consumer group."""
        return f"{topics.STREAMS_APP}-{self.name}"

    @property
    def changelog(self) -> str:
        """The name of the topic that its table is restored from."""
        return f"{topics.STREAMS_APP}-{self.name}-changelog"


@dataclass(frozen=True)
class Stage(Role):
    """One kind of process.

    `module` is run by `python -m`. `health_port` is an offset from the port base; the n-th worker
    adds n. `folds` run inside it: their topics are its topics. `is_public` says that it answers
    people over HTTP. `has_workers` says that one machine may run several of it; the setting
    `<name>_workers` says how many.
    """

    module: str
    health_port: int
    needs: tuple[Need, ...]
    folds: tuple[Fold, ...] = ()
    is_public: bool = False
    has_workers: bool = False

    @property
    def group(self) -> str:
        """The name of its consumer group; empty when it has none, or when its folds have theirs."""
        return f"lahstats-{self.name}" if self.name in CONSUMERS else ""

    @property
    def _names(self) -> set[StageName]:
        return {self.name, *(fold.name for fold in self.folds)}
