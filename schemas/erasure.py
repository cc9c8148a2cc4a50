"""One table for each place that stores something: what happens there on erasure and on expiry.

The rules for objects are in `schemas/object_kinds.py`.

Three things can happen: a session is erased, the text of a session expires, a person leaves.
`adapters.erasure` walks these tables for sessions, `consumers.erasure` for people, and the sink
asks them which rows of an erased session may still be written. `make lint` fails when a topic, a
table of the migrations or a fold is missing here (`python -m deploy.clickhouse.erasure_check`).
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Stays:
    """Nothing is removed, for this reason."""

    reason: str


# Topics, and the tables of folds


class OnLog(StrEnum):
    """The fate of messages that are in a log already. None of them carries text."""

    RETENTION = "ids, times and counts leave with the topic's retention"
    REPLACED = "the fold that owns the key writes a newer value, which holds nothing of it"
    STAYS = "numbers, under an id that nothing else is known of"
    NOTHING = "nothing of it is here"


@dataclass(frozen=True)
class LogRule:
    """The fate of one topic, or of one fold's table and its changelog."""

    session: OnLog
    person: OnLog


_LEAVES = LogRule(OnLog.RETENTION, OnLog.RETENTION)
_IDS_ONLY = LogRule(OnLog.RETENTION, OnLog.NOTHING)
_OF_PEOPLE = LogRule(OnLog.NOTHING, OnLog.RETENTION)

TOPICS = {
    "session.inbound.v1": _LEAVES,
    "session.decided.v1": _LEAVES,
    "session.faults.v1": _IDS_ONLY,
    "session.directory.v1": LogRule(OnLog.REPLACED, OnLog.REPLACED),
    "session.provisional.v1": _IDS_ONLY,
    "speech.window.ready.v1": _IDS_ONLY,
    "speech.window.backlog.v1": _IDS_ONLY,
    "speech.window.transcribed.v1": _IDS_ONLY,
    "speech.window.voiced.v1": _IDS_ONLY,
    "speech.clips.wanted.v1": _IDS_ONLY,
    "speech.voices.complete.v1": _IDS_ONLY,
    "speech.speakers.identified.v1": _IDS_ONLY,
    "words.attributed.v1": _IDS_ONLY,
    "words.slices.v1": _IDS_ONLY,
    "words.counted.v1": _IDS_ONLY,
    "words.credited.v1": _LEAVES,
    "claims.requested.v1": _LEAVES,
    "claims.decided.v1": _LEAVES,
    "warehouse.changed.v1": _OF_PEOPLE,
    "groups.requested.v1": _OF_PEOPLE,
    "groups.decided.v1": _OF_PEOPLE,
    "groups.directory.v1": LogRule(OnLog.NOTHING, OnLog.REPLACED),
    "groups.lexicons.v1": LogRule(OnLog.NOTHING, OnLog.NOTHING),
    "users.requested.v1": _OF_PEOPLE,
    "users.decided.v1": _OF_PEOPLE,
    # The key stays with an empty profile: a gateway must not take an older one for the newest.
    "users.directory.v1": LogRule(OnLog.NOTHING, OnLog.STAYS),
    "letters.written.v1": _IDS_ONLY,
}
"""By topic. The dead-letter topic beside each has the same rule."""

FOLDS = {
    "sessions": LogRule(OnLog.REPLACED, OnLog.STAYS),
    "attribution": LogRule(OnLog.REPLACED, OnLog.NOTHING),
    "tally": LogRule(OnLog.STAYS, OnLog.NOTHING),
    "credits": LogRule(OnLog.REPLACED, OnLog.REPLACED),
    "groups": LogRule(OnLog.NOTHING, OnLog.REPLACED),
    "users": LogRule(OnLog.NOTHING, OnLog.REPLACED),
}
"""By fold. Ids stay in the answers that a fold keeps for repeated requests."""


# Tables of the warehouse


@dataclass(frozen=True)
class DeleteSession:
    """The rows with the session's `session_id` go. `day`: the column by which the table is cut."""

    day: str | None = None


@dataclass(frozen=True)
class Recomputed:
    """Derived by `rollup`, which computes the session's days again from the facts that are left."""


class Unless(StrEnum):
    """Rows that a person keeps who came back before the erasure was done."""

    CLAIMED = "the voice is theirs again"
    PRESENT = "a voice of the session is theirs again"
    MEMBER = "they joined the group again"


@dataclass(frozen=True)
class DeleteRows:
    """The rows whose `user` is the person go.

    `before`: a column with a time; rows that are newer than the request stay.
    """

    user: str = "user_id"
    before: str | None = None
    unless: Unless | None = None


@dataclass(frozen=True)
class BlankColumns:
    """The row stays; the person's id in these columns becomes empty.

    `before`: as in `DeleteRows`.
    """

    columns: tuple[str, ...]
    before: str | None = None


@dataclass(frozen=True)
class LeaveList:
    """The row stays; the person's id leaves the array `column`, and `owner` becomes empty."""

    column: str
    owner: str | None = None
    unless: Unless | None = None


@dataclass(frozen=True)
class StandIn:
    """The row stays; somebody without a name takes the person's place in the array `column`.

    A published figure of five people would otherwise become one of four, and the difference of
    two looks would say who left and how often they said what.
    """

    column: str


OnSession = DeleteSession | Recomputed | Stays
OnPerson = DeleteRows | BlankColumns | LeaveList | StandIn | Stays


@dataclass(frozen=True)
class TableRule:
    """The fate of one table. Expiry of a text removes no row: counts outlive the words."""

    session: OnSession
    person: tuple[OnPerson, ...]


NO_SESSION = Stays("no session is in it")
NO_PERSON = (Stays("people are in it as speaker labels only"),)
NOBODY = (Stays("nobody is in it"),)
_STAND_IN = TableRule(Recomputed(), (StandIn("users"),))
_OF_SESSION = TableRule(DeleteSession(), NO_PERSON)

TABLES = {
    "sessions": TableRule(
        Stays("that it existed, whose it was and when: its phone is told 410"),
        (Stays("owner of sessions that are erased, as long as `schemas/retention.py` says"),),
    ),
    "group_sessions": TableRule(Stays("that it is gone"), NOBODY),
    "requests": TableRule(
        Stays("what was answered, for 30 days"),
        (DeleteRows(user="requested_by", before="decided_at"),),
    ),
    "erased_sessions": TableRule(
        Stays("the marker itself, as long as `schemas/retention.py` says"), NOBODY
    ),
    "erased_users": TableRule(
        NO_SESSION, (Stays("whom to look for, as long as `schemas/retention.py` says"),)
    ),
    "word_events": TableRule(DeleteSession(day="window_day"), NO_PERSON),
    "spoken_windows": TableRule(DeleteSession(day="day"), NO_PERSON),
    "user_days": TableRule(DeleteSession(day="day"), (DeleteRows(unless=Unless.CLAIMED),)),
    "claims": TableRule(
        DeleteSession(), (BlankColumns(("user_id", "claimed_by"), before="claimed_at"),)
    ),
    "claim_changes": TableRule(
        DeleteSession(), (BlankColumns(("user_id", "changed_by"), before="changed_at"),)
    ),
    "corrections": TableRule(
        DeleteSession(), (BlankColumns(("changed_by",), before="changed_at"),)
    ),
    "verdicts": TableRule(DeleteSession(), (BlankColumns(("judged_by",), before="judged_at"),)),
    # The newest version has lost the person when the fold decided; former versions still have them.
    "user_voices": TableRule(
        DeleteSession(),
        (DeleteRows(unless=Unless.CLAIMED), LeaveList("company", unless=Unless.PRESENT)),
    ),
    "speaker_totals": _OF_SESSION,
    "session_totals": _OF_SESSION,
    "session_objects": _OF_SESSION,
    "clips": _OF_SESSION,
    "clusterings": _OF_SESSION,
    "progress": _OF_SESSION,
    "expired_texts": _OF_SESSION,
    "window_work": _OF_SESSION,
    "provisional_etas": _OF_SESSION,
    "provisional_voices": _OF_SESSION,
    "provisional_words": _OF_SESSION,
    "groups": TableRule(NO_SESSION, (LeaveList("members", owner="owner", unless=Unless.MEMBER),)),
    "group_members": TableRule(NO_SESSION, (DeleteRows(before="joined_at"),)),
    "users": TableRule(NO_SESSION, (DeleteRows(before="changed_at"),)),
    "shares": TableRule(NO_SESSION, (DeleteRows(before="made_at"),)),
    "word_daily": TableRule(Recomputed(), NOBODY),
    "published_words": _STAND_IN,
    "published_days": _STAND_IN,
    "published_months": _STAND_IN,
    "cohorts": TableRule(NO_SESSION, NOBODY),
    # `cohorts` counts the person until its next snapshot: nobody is told who left.
    "cohort_people": TableRule(Recomputed(), (DeleteRows(),)),
    "lexicon": TableRule(NO_SESSION, NOBODY),
    "lexicon_versions": TableRule(NO_SESSION, NOBODY),
    "dead_letters": TableRule(DeleteSession(), NOBODY),
    "freshness": TableRule(NO_SESSION, NOBODY),
}
"""By table. Deletions come first, then changes, each in this order."""


def stays_after_erasure(table: str) -> bool:
    """Whether rows of an erased session may still be written to `table`."""
    return isinstance(TABLES[table].session, Stays)
