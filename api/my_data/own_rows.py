"""Pure: for each table and each kind of object, the part that is about one person.

A test holds this against `schemas/erasure.py`: every table is here, with a condition or a reason.
"""

from dataclasses import dataclass
from enum import StrEnum

from schemas.object_kinds import CHUNK, CLIP, JSON, KINDS, ObjectKind, Owner

OWN = "session_id IN (SELECT session_id FROM sessions FINAL WHERE owner = {user:String})"
"""Rows of the sessions that the person recorded."""
VOICES = (
    "SELECT session_id, speaker FROM claims FINAL "
    "WHERE user_id = {user:String} AND kind IN ('self', 'user')"
)
SPOKE = f"(session_id, speaker) IN ({VOICES})"
"""Rows of the voices that are the person's."""
GENERATIONS = (
    "SELECT session_id, generation FROM session_totals FINAL "  # noqa: S608 - it has no input
    f"WHERE session_id IN (SELECT session_id FROM ({VOICES}))"
)
SHOWN = f"(session_id, generation) IN ({GENERATIONS})"
"""Rows of the generation that people see. One before it may have had another voice by that label.
"""
PERSON = "user_id = {user:String}"
AMONG = "has(users, {user:String})"


@dataclass(frozen=True)
class Held:
    """The rows that `where` selects.

    `without`: columns that are about other people, too. `own`: arrays beside the array `users`, of
    which the person's own place is told.
    """

    where: str
    without: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    def sql(self, table: str) -> str:
        """Each row as one line of JSON."""
        hidden = ", ".join((*self.without, *self.own))
        columns = f"* EXCEPT ({hidden})" if hidden else "*"
        for name in self.own:
            columns += f", {name}[indexOf(users, {{user:String}})] AS own_{name}"
        return (
            f"SELECT formatRow('JSONEachRow', {columns}) AS line "  # noqa: S608 - names of ours
            f"FROM {table} FINAL WHERE {self.where}"
        )


@dataclass(frozen=True)
class NotHeld:
    """Nothing about the person is there, for this reason."""

    reason: str


NOBODY = NotHeld("nobody is in it")
OTHERS = NotHeld("sums of everybody: nobody can be told apart in it")

TABLES: dict[str, Held | NotHeld] = {
    "sessions": Held("owner = {user:String}"),
    "group_sessions": Held(OWN),
    # Why a request was rejected tells strangers what there is in a talk of others.
    "requests": Held("requested_by = {user:String}", without=("reason",)),
    "erased_sessions": Held(OWN),
    "erased_users": Held(PERSON),
    "word_events": Held(SPOKE),
    "spoken_windows": Held(OWN),
    "user_days": Held(PERSON),
    "claims": Held("user_id = {user:String} OR claimed_by = {user:String}"),
    "claim_changes": Held("user_id = {user:String} OR changed_by = {user:String}"),
    "corrections": Held("changed_by = {user:String}"),
    # One that a new generation moved says nobody, and is still about the voice.
    "verdicts": Held(f"judged_by = {{user:String}} OR (judged_by = '' AND {SPOKE})"),
    "user_voices": Held(PERSON, without=("company",)),
    "speaker_totals": Held(f"{SPOKE} OR {OWN}"),
    "session_totals": Held(OWN),
    "session_objects": Held(OWN),
    "clips": Held(f"{SPOKE} AND {SHOWN} OR {OWN}"),
    "clusterings": Held(OWN),
    "progress": Held(OWN),
    "expired_texts": Held(OWN),
    "window_work": Held(OWN),
    "provisional_etas": Held(OWN),
    "provisional_voices": Held(OWN),
    "provisional_words": Held(OWN),
    "groups": Held("has(members, {user:String})", without=("members", "owner")),
    "group_members": Held(PERSON),
    "users": Held(PERSON),
    "shares": Held(PERSON),
    "word_daily": OTHERS,
    "published_words": Held(AMONG, without=("users",), own=("counts",)),
    "published_days": Held(AMONG, without=("users", "sessions"), own=("spoken",)),
    "published_months": Held(AMONG, without=("users",), own=("counts", "sessions")),
    "cohorts": OTHERS,
    "cohort_people": Held(PERSON),
    "lexicon": NOBODY,
    "lexicon_versions": NOBODY,
    "dead_letters": Held(OWN),
    "freshness": NOBODY,
}
"""By table, in the order of `schemas.erasure.TABLES`."""

OBJECTS = tuple(kind for kind in KINDS if kind.owner is Owner.SESSION)
"""Kinds of objects that belong to sessions. All other objects belong to nobody."""


class ObjectForm(StrEnum):
    """How objects of one kind are in the file. All of a person's recordings are named."""

    TEXT = "as text"
    RECORDING = "as audio, of the recordings that the person made"
    OWN_VOICE = "as audio, of voices that are the person's, whoever recorded them"
    NAMED = "named alone: numbers of a model, or nothing"


def form_of(kind: ObjectKind) -> ObjectForm:
    """Return how the objects of a kind are in the file."""
    if kind is CHUNK:
        return ObjectForm.RECORDING
    if kind is CLIP:
        return ObjectForm.OWN_VOICE
    return ObjectForm.TEXT if kind.content_type == JSON else ObjectForm.NAMED


OWN_CLIPS = f"""
SELECT session_id, speaker, ordinal, generation FROM clips FINAL WHERE {SPOKE} AND {SHOWN}
ORDER BY session_id, speaker, generation, ordinal
"""  # noqa: S608 - a condition of ours
