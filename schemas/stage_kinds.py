"""The shape of a stage, and of a fold of `streams`."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.stage_names import StageName
from schemas.topics import STREAMS_APP, Topic


class Need(StrEnum):
    """A server, or the weights of models, that a stage cannot start without."""

    KAFKA = "Kafka"
    OBJECTS = "S3"
    WAREHOUSE = "ClickHouse"
    MODELS = "models"


@dataclass(frozen=True)
class Fold:
    """One fold of the Faust worker: its name, the topics that it reads and those that it writes.

    Each fold is a consumer group and has a changelog of its own.
    """

    name: StageName
    reads: tuple[Topic, ...]
    writes: tuple[Topic, ...]

    @property
    def group(self) -> str:
        """The name of its consumer group."""
        return f"{STREAMS_APP}-{self.name}"

    @property
    def changelog(self) -> str:
        """The name of the topic that its table is restored from."""
        return f"{STREAMS_APP}-{self.name}-changelog"


@dataclass(frozen=True)
class Stage:
    """One kind of process.

    `module` is run by `python -m`. `group` is its consumer group; empty for a stage that reads
    without one, and for `streams`, each fold of which is a group. `health_port` is an offset from
    the port base; the n-th worker adds n. `is_public` says that it answers people over HTTP.
    `has_workers` says that one machine may run several of it; the setting `<name>_workers` says how
    many.
    """

    name: StageName
    module: str
    health_port: int
    needs: tuple[Need, ...]
    reads: tuple[Topic, ...] = ()
    writes: tuple[Topic, ...] = ()
    group: str = ""
    is_public: bool = False
    has_workers: bool = False
