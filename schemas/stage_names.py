"""Names of the stages and of the folds: topics name their writers and readers by them."""

from enum import StrEnum


class StageName(StrEnum):
    """One kind of process, one fold inside the process `streams`, or the command line.

    The name is also that of the consumer group and of the metrics' label.
    """

    GATEWAY = "gateway"
    STREAMS = "streams"
    TRANSCRIBE = "transcribe"
    DIARIZE = "diarize"
    CLUSTER = "cluster"
    CLIPS = "clips"
    SINK = "sink"
    ROLLUP = "rollup"
    ERASURE = "erasure"
    API = "api"

    SESSIONS = "sessions"
    ATTRIBUTION = "attribution"
    TALLY = "tally"
    CREDITS = "credits"
    GROUPS = "groups"
    USERS = "users"

    COMMAND_LINE = "command line"


FOLDS = (
    StageName.SESSIONS,
    StageName.ATTRIBUTION,
    StageName.TALLY,
    StageName.CREDITS,
    StageName.GROUPS,
    StageName.USERS,
)
"""The folds of the process `streams`. Their names are part of the names of the changelog topics."""
NO_CONSUMERS = (StageName.GATEWAY, StageName.STREAMS, StageName.API, StageName.COMMAND_LINE)
"""They read topics each in a way of its own, or none."""
CONSUMERS = tuple(name for name in StageName if name not in (*FOLDS, *NO_CONSUMERS))
"""The stages that are consumer groups: each of them writes dead letters."""
