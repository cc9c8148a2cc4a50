"""The state of a session in the sessions fold, without its chunks."""

from dataclasses import dataclass

import msgspec

from schemas.audio import BRIDGE_MS
from schemas.ids import NOBODY, SessionId, SpeakerLabel, UserId
from schemas.limits import CHUNKS, SESSION_MS
from schemas.ranges import Ranges, missing
from schemas.rejections import Reason
from schemas.session_events import Constraint, Failure, State
from schemas.speech_events import SpeakersIdentified
from streams.answers import Answers
from streams.sessions.claims_told import Told
from streams.sessions.number_sets import Packed, ranges_of


@dataclass(frozen=True)
class Rules:
    """The settings that the fold depends on. Times are milliseconds.

    `in_flight`: windows of one session that are with the workers at a time. `bridge_ms`: a shorter
    silence between two chunks is no gap. `most_chunks` and `most_ms`: chunks beyond are ignored.
    """

    window_ms: int
    margin_before_ms: int
    in_flight: int
    grace_ms: int
    gap_wait_ms: int
    idle_ms: int
    patience_ms: int
    lexicon: str
    bridge_ms: int = BRIDGE_MS
    most_chunks: int = CHUNKS.most
    most_ms: int = SESSION_MS.most


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of a window for one stage, and when its last window ended; milliseconds."""

    window_ms: int = 0
    last_ms: int = 0


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """Answers that came before the event that asks for them: topics have no order between them.

    `transcribed` and `voiced` are the newest revision of each window. `identified` are the speakers
    of the newest generation. Each is taken when the session has come that far.
    """

    transcribed: dict[int, int] = {}
    voiced: dict[int, int] = {}
    identified: SpeakersIdentified | None = None


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a session that says when time alone changes it. No owner: it is not started.

    `progressed_ms`: when something of a sealed session came last. `tries`: how often what is
    lacking was asked for again. `fault`: the reason of a stage that gave something up since.
    `late` are windows that are cut and have audio of late chunks which wait; None when no such
    chunk waits. They do so until `late_until_ms`.
    """

    owner: UserId
    keep_transcript_days: int = 30
    is_text_gone: bool = False
    state: State = State.RECORDING
    last_arrival_ms: int = 0
    ended_at_ms: int | None = None
    generation: int = 0
    progressed_ms: int = 0
    tries: int = 0
    fault: Reason | None = None
    late: Ranges | None = None
    late_until_ms: int = 0

    @property
    def is_started(self) -> bool:
        """Whether its SessionStarted was read."""
        return self.owner != NOBODY

    @property
    def sealed(self) -> bool:
        """Whether the timeline was fixed at least once."""
        return self.generation > 0

    @property
    def has_late(self) -> bool:
        """Whether late chunks wait."""
        return self.late is not None


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """`by`, who claimed one of two voices, wants them to be one."""

    target: SpeakerLabel
    source: SpeakerLabel
    by: UserId


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """A hint, a merge or a split that holds.

    A hint has no constraint; `before` is the hint that it replaced. `concerned` are digests of the
    people who may undo it: people who leave are not named here. `newest`: the last label that any
    voice had before a split. `by` stands for the user who said it. `moves_hint`: the people of the
    hint are one more or one less with it.
    """

    number: int
    concerned: tuple[str, ...]
    constraint: Constraint | None = None
    speakers: int | None = None
    before: int | None = None
    newest: SpeakerLabel = SpeakerLabel("")
    by: str = ""
    moves_hint: bool = False


class Session(Timing, frozen=True, kw_only=True, omit_defaults=True):
    """One session. It has no owner before SessionStarted is read.

    Its row is written with each event, and names no field that is as in a new session. So nobody
    changes a default, those of Timing among them: it would change the rows that there are.
    `received` and `conflicts` are chunk numbers. `untold` chunks are not in its row yet.
    `covered`: the milliseconds with audio, of a row of a former version (`recorded.Bucket`).
    `transcribed`, `voiced` and `counted` are windows. `revisions[i]` is the revision of window i.
    `started_ms`: when its start arrived (Unix). `clock_ahead_ms`: the phone's clock was ahead by so
    much at least then.
    `catching_up` are windows whose audio came long after it was recorded.
    `queue` are windows that wait, `in_flight` windows that the workers have. `expected` is the
    number of chunks that the phone made. `lexicon` is chosen by the first generation or a recount.
    `counted_of`, `identified_of` and `totalled_of` are generations of counts, speakers and totals.
    `suspects` are windows whose objects a stage could not read, `given_up` those that nobody works
    on any more: all of such a window is missing audio. A failed session has a `failure`.
    `waiting` are hints that came while a generation was worked on. Each has a number of its own.
    The generation with the last of these numbers obeys the latest of them.
    `corrections` hold, in the order of their numbers; `corrections_made` is the newest number.
    `corrected_ms` and `recounted_ms`: when people last corrected, and chose a lexicon (Unix).
    `claimed` has the user of each claimed speaker; of a guest, the user who named the guest.
    `told` has what came last of each speaker's claim. `claims_version`, in a row of a former
    version, is that of all speakers together.
    """

    session_id: SessionId
    group_id: str | None
    time_zone: str
    recorded_at_ms: int
    clock_corrected: bool = False
    clock_ahead_ms: int = 0
    started_ms: int = 0
    hint: int | None
    waiting: int = 0
    lexicon: str = ""
    arrived: Packed = msgspec.field(default=(), name="received")
    untold: int = 0
    covered: Ranges = ()
    conflicts: tuple[int, ...] = ()
    newest_ms: int = 0
    expected: int | None = None
    revisions: tuple[int, ...] = ()
    queue: tuple[int, ...] = ()
    catching_up: Ranges = ()
    in_flight: tuple[int, ...] = ()
    transcribed: Ranges = ()
    voiced: Ranges = ()
    counted: Ranges = ()
    counted_of: int = 0
    identified_of: int = 0
    totalled_of: int = 0
    suspects: Ranges = ()
    given_up: Ranges = ()
    failure: Failure | None = None
    ahead: Ahead = Ahead()
    total_ms: int = 0
    answers: Answers = Answers()
    speakers: tuple[SpeakerLabel, ...] = ()
    claimed: dict[SpeakerLabel, UserId] = {}
    claims_version: int = 0
    told: Told = {}
    wishes: tuple[Wish, ...] = ()
    corrections: tuple[Correction, ...] = ()
    corrections_made: int = 0
    corrected_ms: int = 0
    recounted_ms: int = 0
    transcribe_pace: Pace = Pace()
    diarize_pace: Pace = Pace()

    @property
    def received(self) -> Ranges:
        """The numbers of the chunks that are here."""
        return ranges_of(self.arrived)

    def revision(self, window: int) -> int:
        """Returns the newest revision of a window; 0 for one that is not cut yet."""
        return self.revisions[window] if window < len(self.revisions) else 0

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """Merges and splits that hold, in the order of the requests."""
        found = (correction.constraint for correction in self.corrections)
        return tuple(constraint for constraint in found if constraint is not None)

    @property
    def next_generation(self) -> int:
        """The number that the next cause of a generation gets."""
        return self.generation + self.waiting + 1

    @property
    def is_busy(self) -> bool:
        """Whether a generation is worked on, and its results are still to come.

        Once results of a newer one came, those of the present one may never come. While late chunks
        wait, the next one is on its way.
        """
        newest = max(self.counted_of, self.totalled_of)
        is_superseded = self.ahead.identified is not None or newest > self.generation
        return self.state is State.PROCESSING and (self.has_late or not is_superseded)

    @property
    def uncounted(self) -> Ranges:
        """The windows that the present generation lacks the counts of."""
        return missing(self.counted_now, 0, len(self.revisions))

    @property
    def is_identified(self) -> bool:
        """Whether the speakers of the present generation are known. Without windows, nobody is."""
        return not self.revisions or self.identified_of == self.generation

    @property
    def counted_now(self) -> Ranges:
        """The windows of the present generation that are counted."""
        return self.counted if self.counted_of == self.generation else ()


def unstarted(session_id: SessionId) -> Session:
    """Returns a session of which only answers of other stages are known."""
    return Session(
        session_id=session_id,
        owner=NOBODY,
        group_id=None,
        time_zone="",
        recorded_at_ms=0,
        hint=None,
    )
