"""The one list of stages: each kind of process, its topics, its health port, and its servers.

Processes of the local stack, Compose, Kubernetes, Prometheus, the alert rules, the import
contracts and the diagram in ARCHITECTURE.md come from this list or are checked against it.
"""

from schemas import topics as t
from schemas.stage_kinds import Fold, Need, Stage
from schemas.stage_names import StageName
from schemas.topics import Topic

SESSIONS = Fold(
    StageName.SESSIONS,
    reads=(
        t.INBOUND,
        t.TRANSCRIBED,
        t.VOICED,
        t.IDENTIFIED,
        t.COUNTED,
        t.CREDITED,
        t.FAULTS,
        t.CLAIMS_DECIDED,
    ),
    writes=(
        t.DECIDED,
        t.DIRECTORY,
        t.PROVISIONAL,
        t.WINDOW_READY,
        t.WINDOW_BACKLOG,
        t.TRANSCRIBED,
        t.VOICED,
        t.CLIPS_WANTED,
        t.LETTERS,
    ),
)
ATTRIBUTION = Fold(
    StageName.ATTRIBUTION,
    reads=(t.DECIDED, t.TRANSCRIBED, t.VOICED, t.IDENTIFIED),
    writes=(t.ATTRIBUTED, t.VOICES_COMPLETE, t.FAULTS, t.LETTERS),
)
TALLY = Fold(
    StageName.TALLY,
    reads=(t.DECIDED, t.ATTRIBUTED),
    writes=(t.COUNTED, t.PROVISIONAL, t.FAULTS, t.LETTERS),
)
CREDITS = Fold(
    StageName.CREDITS,
    reads=(t.DECIDED, t.IDENTIFIED, t.COUNTED, t.CLAIMS_REQUESTED),
    writes=(t.CREDITED, t.CLAIMS_DECIDED, t.FAULTS, t.LETTERS),
)
GROUPS = Fold(
    StageName.GROUPS,
    reads=(t.GROUPS_REQUESTED,),
    writes=(t.GROUPS_DECIDED, t.GROUPS_DIRECTORY, t.LETTERS),
)
USERS = Fold(
    StageName.USERS,
    reads=(t.USERS_REQUESTED,),
    writes=(t.USERS_DECIDED, t.USERS_DIRECTORY, t.LETTERS),
)
FOLDS = (SESSIONS, ATTRIBUTION, TALLY, CREDITS, GROUPS, USERS)
"""Their names are the names of their tables and changelog topics."""


def _all_of(topics: list[tuple[Topic, ...]]) -> tuple[Topic, ...]:
    return tuple(dict.fromkeys(topic for some in topics for topic in some))


GATEWAY = Stage(
    StageName.GATEWAY,
    "producers.gateway.main",
    health_port=15,
    needs=(Need.KAFKA, Need.OBJECTS),
    reads=(
        t.DIRECTORY,
        t.GROUPS_DIRECTORY,
        t.GROUPS_LEXICONS,
        t.USERS_DIRECTORY,
        t.CLAIMS_DECIDED,
        t.DECIDED,
        t.GROUPS_DECIDED,
        t.USERS_DECIDED,
    ),
    writes=(t.INBOUND, t.CLAIMS_REQUESTED, t.GROUPS_REQUESTED, t.USERS_REQUESTED),
    is_public=True,
)
STREAMS = Stage(
    StageName.STREAMS,
    "streams.main",
    health_port=10,
    needs=(Need.KAFKA, Need.OBJECTS),
    reads=_all_of([fold.reads for fold in FOLDS]),
    # Its timer writes the ticks of the sessions.
    writes=_all_of([(t.INBOUND,), *(fold.writes for fold in FOLDS)]),
)
TRANSCRIBE = Stage(
    StageName.TRANSCRIBE,
    "consumers.transcribe.main",
    health_port=20,
    needs=(Need.KAFKA, Need.OBJECTS, Need.MODELS),
    reads=(t.WINDOW_READY, t.WINDOW_BACKLOG),
    writes=(t.TRANSCRIBED, t.LETTERS),
    group="lahstats-transcribe",
    has_workers=True,
)
DIARIZE = Stage(
    StageName.DIARIZE,
    "consumers.diarize.main",
    health_port=30,
    needs=(Need.KAFKA, Need.OBJECTS, Need.MODELS),
    reads=(t.WINDOW_READY, t.WINDOW_BACKLOG),
    writes=(t.VOICED, t.LETTERS),
    group="lahstats-diarize",
    has_workers=True,
)
CLUSTER = Stage(
    StageName.CLUSTER,
    "consumers.cluster.main",
    health_port=11,
    needs=(Need.KAFKA, Need.OBJECTS, Need.MODELS),
    reads=(t.VOICES_COMPLETE,),
    writes=(t.IDENTIFIED, t.FAULTS, t.LETTERS),
    group="lahstats-cluster",
)
SINK = Stage(
    StageName.SINK,
    "consumers.sink.main",
    health_port=12,
    needs=(Need.KAFKA, Need.WAREHOUSE),
    reads=(
        t.DIRECTORY,
        t.DECIDED,
        t.PROVISIONAL,
        t.TRANSCRIBED,
        t.VOICED,
        t.IDENTIFIED,
        t.ATTRIBUTED,
        t.COUNTED,
        t.CREDITED,
        t.CLAIMS_DECIDED,
        t.GROUPS_DIRECTORY,
        t.GROUPS_DECIDED,
        t.USERS_DIRECTORY,
        t.USERS_DECIDED,
        t.LETTERS,
    ),
    writes=(t.WAREHOUSE_CHANGED, t.LETTERS),
    group="lahstats-sink",
)
ROLLUP = Stage(
    StageName.ROLLUP,
    "consumers.rollup.main",
    health_port=13,
    needs=(Need.KAFKA, Need.WAREHOUSE),
    reads=(t.WAREHOUSE_CHANGED,),
    writes=(t.LETTERS,),
    group="lahstats-rollup",
)
CLIPS = Stage(
    StageName.CLIPS,
    "consumers.clips.main",
    health_port=14,
    needs=(Need.KAFKA, Need.OBJECTS),
    reads=(t.CLIPS_WANTED,),
    writes=(t.LETTERS,),
    group="lahstats-clips",
)
ERASURE = Stage(
    StageName.ERASURE,
    "consumers.erasure.main",
    health_port=17,
    needs=(Need.KAFKA, Need.OBJECTS, Need.WAREHOUSE),
    reads=(t.DECIDED, t.USERS_DECIDED),
    writes=(t.WAREHOUSE_CHANGED, t.CLAIMS_REQUESTED, t.GROUPS_REQUESTED, t.LETTERS),
    group="lahstats-erasure",
)
API = Stage(
    StageName.API,
    "api.main",
    health_port=16,
    needs=(Need.OBJECTS, Need.WAREHOUSE),
    is_public=True,
)
ALL = (
    GATEWAY,
    STREAMS,
    TRANSCRIBE,
    DIARIZE,
    CLUSTER,
    SINK,
    ROLLUP,
    CLIPS,
    ERASURE,
    API,
)
BY_NAME: dict[str, Stage] = {stage.name.value: stage for stage in ALL}


def writers(topic: Topic) -> set[StageName]:
    """Return who writes `topic`: folds by their own names, `streams` for what its timer writes."""
    names = {fold.name for fold in FOLDS if topic in fold.writes}
    names |= {stage.name for stage in ALL if topic in stage.writes}
    return names - {STREAMS.name} if names & {fold.name for fold in FOLDS} else names


def readers(topic: Topic) -> set[StageName]:
    """Return who reads `topic`: folds by their own names instead of `streams`."""
    names = {fold.name for fold in FOLDS if topic in fold.reads}
    return names | {stage.name for stage in ALL if topic in stage.reads and stage is not STREAMS}
