"""Fact sheets of all topics: events, writers, readers, key, partitions and retention."""

from dataclasses import replace
from typing import get_args

from schemas import claim_events as claims
from schemas import letter_events as letters
from schemas import people_events as people
from schemas import session_events as session
from schemas import session_rows as rows
from schemas import speech_events as speech
from schemas import word_events as words
from schemas.fact_sheet import Topic
from schemas.stage_names import CONSUMERS, FOLDS
from schemas.stage_names import StageName as Stage

WINDOW_PARTITIONS = 48
"""Partitions of the work for the model stages: at most this many workers share it."""
STREAMS_APP = "lahstats-streams"
"""Name of the Faust app, and the beginning of the names of groups and changelogs of folds."""

INBOUND = Topic(
    name="session.inbound.v1",
    events=get_args(session.Inbound),
    writers=(Stage.GATEWAY, Stage.COMMAND_LINE, Stage.STREAMS, Stage.ERASURE),
    readers=(Stage.SESSIONS,),
)
DECIDED = Topic(
    name="session.decided.v1",
    events=get_args(session.Decided),
    writers=(Stage.SESSIONS,),
    readers=(
        Stage.ATTRIBUTION,
        Stage.TALLY,
        Stage.CREDITS,
        Stage.GATEWAY,
        Stage.SINK,
        Stage.ERASURE,
    ),
)
FAULTS = Topic(
    name="session.faults.v1",
    events=(session.WorkFailed,),
    writers=(Stage.ATTRIBUTION, Stage.TALLY, Stage.CREDITS, Stage.CLUSTER),
    readers=(Stage.SESSIONS,),
)
DIRECTORY = Topic(
    name="session.directory.v1",
    events=(rows.SessionListing,),
    writers=(Stage.SESSIONS,),
    readers=(Stage.GATEWAY, Stage.SINK),
    compacted=True,
)
PROVISIONAL = Topic(
    name="session.provisional.v1",
    events=(rows.SessionProgress, rows.SessionEta, words.ProvisionalWordsCounted),
    writers=(Stage.SESSIONS, Stage.TALLY),
    readers=(Stage.SINK,),
)
WINDOW_READY = Topic(
    name="speech.window.ready.v1",
    events=(speech.WindowReady,),
    writers=(Stage.SESSIONS,),
    readers=(Stage.TRANSCRIBE, Stage.DIARIZE),
    key=("session_id", "window"),
    dealt_by="window",
    partitions=WINDOW_PARTITIONS,
    replaced_by="revision",
)
WINDOW_BACKLOG = replace(
    WINDOW_READY,
    name="speech.window.backlog.v1",
    events=(speech.BacklogWindowReady,),
    yields=True,
)
TRANSCRIBED = Topic(
    name="speech.window.transcribed.v1",
    events=(speech.WindowTranscribed,),
    writers=(Stage.TRANSCRIBE, Stage.SESSIONS),
    readers=(Stage.ATTRIBUTION, Stage.SESSIONS, Stage.SINK),
)
VOICED = Topic(
    name="speech.window.voiced.v1",
    events=(speech.WindowVoiced,),
    writers=(Stage.DIARIZE, Stage.SESSIONS),
    readers=(Stage.ATTRIBUTION, Stage.SESSIONS, Stage.SINK),
)
VOICES_COMPLETE = Topic(
    name="speech.voices.complete.v1",
    events=get_args(speech.Voices),
    writers=(Stage.ATTRIBUTION,),
    readers=(Stage.CLUSTER,),
    replaced_by="generation",
)
IDENTIFIED = Topic(
    name="speech.speakers.identified.v1",
    events=get_args(speech.Speakers),
    writers=(Stage.CLUSTER,),
    readers=(Stage.ATTRIBUTION, Stage.CREDITS, Stage.SESSIONS, Stage.SINK),
)
CLIPS_WANTED = Topic(
    name="speech.clips.wanted.v1",
    events=(speech.ClipsWanted,),
    writers=(Stage.SESSIONS,),
    readers=(Stage.CLIPS,),
)
ATTRIBUTED = Topic(
    name="words.attributed.v1",
    events=(words.WordsAttributed, words.ProvisionalWordsAttributed),
    writers=(Stage.ATTRIBUTION,),
    readers=(Stage.TALLY, Stage.SINK),
)
SLICES = Topic(
    name="words.slices.v1",
    events=(words.SliceAttributed,),
    writers=(Stage.ATTRIBUTION,),
    readers=(Stage.ATTRIBUTION,),
)
COUNTED = Topic(
    name="words.counted.v1",
    events=(words.WordsCounted,),
    writers=(Stage.TALLY,),
    readers=(Stage.CREDITS, Stage.SESSIONS, Stage.SINK),
)
CREDITED = Topic(
    name="words.credited.v1",
    events=(words.WordsCredited, words.VoiceCredited, words.SessionCounted),
    writers=(Stage.CREDITS,),
    readers=(Stage.SESSIONS, Stage.SINK),
)
CLAIMS_REQUESTED = Topic(
    name="claims.requested.v1",
    events=(*get_args(claims.Requested), claims.ForgetRequested),
    writers=(Stage.GATEWAY, Stage.ERASURE),
    readers=(Stage.CREDITS,),
)
CLAIMS_DECIDED = Topic(
    name="claims.decided.v1",
    events=get_args(claims.Decided),
    writers=(Stage.CREDITS,),
    readers=(Stage.GATEWAY, Stage.SINK, Stage.SESSIONS),
)
WAREHOUSE_CHANGED = Topic(
    name="warehouse.changed.v1",
    events=(words.WarehouseChanged,),
    writers=(Stage.SINK, Stage.ERASURE),
    readers=(Stage.ROLLUP,),
    key=("day",),
)
GROUPS_REQUESTED = Topic(
    name="groups.requested.v1",
    events=(people.GroupChangeRequested,),
    writers=(Stage.GATEWAY, Stage.ERASURE),
    readers=(Stage.GROUPS,),
    key=("group_id",),
)
GROUPS_DECIDED = Topic(
    name="groups.decided.v1",
    events=(people.GroupChangeDecided,),
    writers=(Stage.GROUPS,),
    readers=(Stage.GATEWAY, Stage.SINK),
    key=("group_id",),
)
GROUPS_DIRECTORY = Topic(
    name="groups.directory.v1",
    events=(people.GroupListing,),
    writers=(Stage.GROUPS,),
    readers=(Stage.GATEWAY, Stage.SINK),
    key=("group_id",),
    compacted=True,
)
GROUPS_LEXICONS = Topic(
    name="groups.lexicons.v1",
    events=(people.GroupLexicon,),
    writers=(Stage.COMMAND_LINE,),
    readers=(Stage.GATEWAY,),
    key=("group_id",),
    compacted=True,
)
USERS_REQUESTED = Topic(
    name="users.requested.v1",
    events=get_args(people.UserRequest),
    writers=(Stage.GATEWAY,),
    readers=(Stage.USERS,),
    key=("user_id",),
)
USERS_DECIDED = Topic(
    name="users.decided.v1",
    events=(people.UserChangeDecided, people.ShareListing, people.UserErased),
    writers=(Stage.USERS,),
    readers=(Stage.GATEWAY, Stage.SINK, Stage.ERASURE),
    key=("user_id",),
)
USERS_DIRECTORY = Topic(
    name="users.directory.v1",
    events=(people.UserListing,),
    writers=(Stage.USERS,),
    readers=(Stage.GATEWAY, Stage.SINK),
    key=("user_id",),
    compacted=True,
)
LETTERS = Topic(
    name="letters.written.v1",
    events=(letters.LetterWritten,),
    writers=(*FOLDS, *CONSUMERS, Stage.COMMAND_LINE),
    readers=(Stage.SINK,),
)

ALL = tuple(value for value in dict(globals()).values() if isinstance(value, Topic))
"""In the order of this file."""
BY_NAME = {topic.name: topic for topic in ALL}
EVENT_TYPES = {kind.__name__: kind for topic in ALL for kind in topic.events}
"""Every event class that may be on a topic, by name."""
