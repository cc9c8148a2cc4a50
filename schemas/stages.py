"""The one list of stages: each kind of process, its module, its health port, and its servers.

The topics of a stage follow from the fact sheets of `schemas/topics.py`. Processes of the local
stack, Compose, Kubernetes, Prometheus, the alert rules, the import contracts and the diagram in
ARCHITECTURE.md come from this list or are checked against it.
"""

from schemas.stage_kinds import Fold, Need, Stage
from schemas.stage_names import StageName

STOPS_WITHIN_S = 60
"""Seconds after SIGTERM in which a process has ended by its own deadlines. Supervisord, Compose and
Kubernetes kill it no sooner."""

SESSIONS = Fold(StageName.SESSIONS)
ATTRIBUTION = Fold(StageName.ATTRIBUTION)
TALLY = Fold(StageName.TALLY)
CREDITS = Fold(StageName.CREDITS)
GROUPS = Fold(StageName.GROUPS)
USERS = Fold(StageName.USERS)
FOLDS = (SESSIONS, ATTRIBUTION, TALLY, CREDITS, GROUPS, USERS)
"""Their names are the names of their tables and changelog topics."""

GATEWAY = Stage(
    StageName.GATEWAY,
    "producers.gateway.main",
    health_port=15,
    needs=(Need.KAFKA, Need.OBJECTS),
    is_public=True,
)
STREAMS = Stage(
    StageName.STREAMS,
    "streams.main",
    health_port=10,
    needs=(Need.KAFKA, Need.OBJECTS),
    folds=FOLDS,
)
TRANSCRIBE = Stage(
    StageName.TRANSCRIBE,
    "consumers.transcribe.main",
    health_port=20,
    needs=(Need.KAFKA, Need.OBJECTS, Need.MODELS),
    has_workers=True,
)
DIARIZE = Stage(
    StageName.DIARIZE,
    "consumers.diarize.main",
    health_port=30,
    needs=(Need.KAFKA, Need.OBJECTS, Need.MODELS),
    has_workers=True,
)
CLUSTER = Stage(
    StageName.CLUSTER,
    "consumers.cluster.main",
    health_port=11,
    needs=(Need.KAFKA, Need.OBJECTS, Need.MODELS),
)
SINK = Stage(
    StageName.SINK,
    "consumers.sink.main",
    health_port=12,
    needs=(Need.KAFKA, Need.WAREHOUSE),
)
ROLLUP = Stage(
    StageName.ROLLUP,
    "consumers.rollup.main",
    health_port=13,
    needs=(Need.KAFKA, Need.WAREHOUSE),
)
CLIPS = Stage(
    StageName.CLIPS,
    "consumers.clips.main",
    health_port=14,
    needs=(Need.KAFKA, Need.OBJECTS),
)
ERASURE = Stage(
    StageName.ERASURE,
    "consumers.erasure.main",
    health_port=17,
    needs=(Need.KAFKA, Need.OBJECTS, Need.WAREHOUSE),
)
API = Stage(
    StageName.API,
    "api.main",
    health_port=16,
    needs=(Need.OBJECTS, Need.WAREHOUSE),
    is_public=True,
)
ALL = tuple(value for value in dict(globals()).values() if isinstance(value, Stage))
"""In the order of this file."""
BY_NAME: dict[str, Stage] = {stage.name.value: stage for stage in ALL}
ROLES: tuple[Fold | Stage, ...] = (*FOLDS, *ALL)
GROUPS_READ = {one.group: one.reads for one in ROLES if one.group}
"""The topics of every consumer group, by its name."""
