"""Rows of the queries about sessions."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from adapters.warehouse import TypedRow
from schemas.access import Standing
from schemas.event import Pointer
from schemas.ids import NOBODY, SessionId, SpeakerLabel, UserId, label_order
from schemas.rejections import Reason
from schemas.session_events import COMPLETE, State


class StandingRow(TypedRow, frozen=True):
    """The fields of a Standing."""

    recorded: bool
    member: bool
    left: bool
    claimed: bool
    tagged: bool

    def standing(self) -> Standing:
        """The same, as `schemas.access` takes it."""
        return Standing(
            recorded=self.recorded,
            member=self.member,
            left=self.left,
            claimed=self.claimed,
            tagged=self.tagged,
        )


class Span(msgspec.Struct, frozen=True):
    """Milliseconds on the session's timeline."""

    start_ms: int
    end_ms: int


class HintRow(msgspec.Struct, frozen=True):
    """A number of people who may have talked, and how likely that is."""

    speakers: int
    probability: float


class ProvisionalWords(msgspec.Struct, frozen=True):
    """The words of one provisional speaker."""

    speaker: SpeakerLabel
    spoken_words: int
    words: dict[str, int]


class FieldsRow(TypedRow, frozen=True):
    """Those fields of a SessionRow that one table has: a JSON object."""

    fields: str


class SessionRow(TypedRow, frozen=True):
    """A session, the totals of its last complete generation, and the progress of its windows.

    `counted_generation` 0: nothing is complete yet, and the totals are empty. `failure` is empty
    unless the session has failed. `uncounted` are the reasons of its dead letters. `holders` have
    claimed voices; for a guest it is the user who named the guest. The doubts of the clustering are
    of `clustered_generation`. Fields with a default are of tables that may have no row of the
    session.
    """

    session_id: SessionId
    owner: UserId
    group_id: str
    state: State
    generation: int
    recorded_at: datetime
    clock_corrected: bool
    time_zone: str
    audio_ms: int
    failure: str
    counted_generation: int = 0
    lexicon: str = ""
    missing: list[Span] = msgspec.field(default_factory=list)
    speakers: list[SpeakerLabel] = msgspec.field(default_factory=list)
    windows: int = 0
    transcribed: int = 0
    voiced: int = 0
    counted: int = 0
    clustered_generation: int = 0
    possible_hints: list[HintRow] = msgspec.field(default_factory=list)
    faint: list[SpeakerLabel] = msgspec.field(default_factory=list)
    uncounted: list[Reason] = msgspec.field(default_factory=list)
    holders: list[UserId] = msgspec.field(default_factory=list)
    eta_ms: int | None = None
    provisional_speakers: list[SpeakerLabel] = msgspec.field(default_factory=list)
    provisional_talk_ms: list[int] = msgspec.field(default_factory=list)
    provisional_words: list[ProvisionalWords] = msgspec.field(default_factory=list)

    @classmethod
    def of(cls, parts: Iterable[FieldsRow]) -> "SessionRow | None":
        """The session of which these are the fields; None when there is no such session.

        Raises msgspec.ValidationError when they are others: that is a bug.
        """
        fields: dict[str, object] = {}
        for part in parts:
            fields.update(msgspec.json.decode(part.fields))
        return msgspec.convert(fields, cls) if "session_id" in fields else None

    @property
    def labels(self) -> list[SpeakerLabel]:
        """The speakers in order of their numbers."""
        return sorted(self.speakers, key=label_order)

    @property
    def is_final(self) -> bool:
        """Whether the totals of the newest generation are here.

        State and totals come by two topics: without this a session would show old totals as final.
        """
        return self.state in COMPLETE and self.counted_generation == self.generation

    @property
    def doubts_are_current(self) -> bool:
        """Whether `possible_hints` and `faint` are of the result that is shown."""
        return self.is_final and self.clustered_generation == self.generation

    def others_claimed(self, user: UserId) -> bool:
        """Whether somebody else has a voice. The guest of somebody who left is nobody's."""
        return bool(set(self.holders) - {user, NOBODY})

    @property
    def is_over(self) -> bool:
        """Whether nothing is worked on any more: it is final, or has failed."""
        return self.is_final or self.state is State.FAILED

    @property
    def shown_state(self) -> State:
        """The state as people see it: final only together with its totals."""
        if self.state in COMPLETE and not self.is_final:
            return State.PROCESSING
        return self.state


class MarkRow(TypedRow, frozen=True):
    """A part of the number that is another one once the session's answer is another."""

    session_id: SessionId
    part: int


class ListedRow(TypedRow, frozen=True):
    """A session in a list."""

    session_id: SessionId
    group_id: str
    state: State
    recorded_at: datetime
    time_zone: str
    audio_ms: int
    generation: int
    owned: bool


class ObjectRow(TypedRow, frozen=True):
    """Where an object of a session is stored."""

    key: str
    sha256: str
    size: int

    def pointer(self) -> Pointer:
        """The same, as the object store takes it."""
        return Pointer(key=self.key, sha256=self.sha256, size=self.size)


class ModelsRow(TypedRow, frozen=True):
    """The models that worked on a session in one stage."""

    stage: str
    models: list[str]


class RequestRow(TypedRow, frozen=True):
    """The decision about a request. `requested_by` is empty for requests about a session."""

    request_id: str
    session_id: str
    requested_by: str
    outcome: str
    reason: str
    decided_at: datetime
