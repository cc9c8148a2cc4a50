"""The rows that a recorded session leaves, made by the product's own folds and sink."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from adapters.warehouse import Warehouse
from consumers.rollup.step import recompute
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from schemas import topics
from schemas.claim_events import ClaimKind, ClaimRequested, ReleaseRequested
from schemas.event import Event, Pointer
from schemas.ids import EventId, SessionId, SpeakerLabel, UserId
from schemas.session_events import Cause, SessionSealed, State
from schemas.session_rows import SessionListing
from schemas.speech_events import SpeakersIdentified, SpeakerSummary
from schemas.topics import Topic
from schemas.word_events import CountedRow, WordsCounted
from streams.credits.fold import fold
from streams.store import Store
from tests.reference.history import Recorded, Utterance

OWNER = UserId("owner")
TABLES = (
    "word_events",
    "user_days",
    "user_voices",
    "sessions",
    "claims",
    "spoken_windows",
)
EMPTIED = (
    *TABLES,
    "word_daily",
    "cohorts",
    "cohort_people",
    "published_words",
    "published_days",
    "published_months",
)


def tell(warehouse: Warehouse, sessions: list[Recorded]) -> None:
    """Writes the sessions' rows into empty tables, and what the rollup makes of them."""
    for table in EMPTIED:
        warehouse.command(f"TRUNCATE TABLE {table}")
    tell_more(warehouse, sessions, 1)


def tell_more(warehouse: Warehouse, sessions: list[Recorded], version: int) -> None:
    """The same into tables as they are. `version`: of the rollup's rows; a later one replaces."""
    put_all(warehouse, (found for session in sessions for found in rows(session)))
    days = {
        session.day(u.at_ms)
        for session in sessions
        for u in (*session.said, *(session.recounted or ()))
    }
    recompute(warehouse, {day.isoformat() for day in days}, version)


def put_all(warehouse: Warehouse, told: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Rows of several tables, those of a table and a month at once, as a batch of the sink."""
    by_table: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for table, row in told:
        by_table[table, str(row.get("window_day", row.get("day", "")))[:7]].append(row)
    for (table, _), found in by_table.items():
        columns = sorted(found[0])
        warehouse.insert(table, columns, [[row[c] for c in columns] for row in found])


def put(warehouse: Warehouse, table: str, row: dict[str, Any]) -> None:
    """One row."""
    columns = sorted(row)
    warehouse.insert(table, columns, [[row[column] for column in columns]])


def records(session: Recorded) -> list[Record]:
    """The messages that the sink would get, in order."""
    sent: list[tuple[Topic, Event]] = [(topics.DIRECTORY, _listing(session))]
    held: dict[str, bytes] = {}
    for topic, event in _events(session):
        store = Store(held.get)
        sent += [(topic, event), *fold(store, event)]
        store.write_to(held)
    return [Record(topic, 0, n, event) for n, (topic, event) in enumerate(sent)]


def rows(session: Recorded) -> list[tuple[str, dict[str, Any]]]:
    """Table and row, in the order in which they would come. Clips and objects are not told."""
    return [
        (table, row)
        for record in records(session)
        for table, row in rows_of(record)
        if table in TABLES
    ]


def _events(session: Recorded) -> list[tuple[Topic, Event]]:
    found = [*_generation(session, 1, session.said, 0)]
    for number, (speaker, user) in enumerate(session.claims):
        found.append((topics.CLAIMS_REQUESTED, _request(session, number, speaker, user)))
    if session.recounted is not None:
        found += _generation(session, 2, session.recounted, len(session.said))
    return found


def _generation(
    session: Recorded, generation: int, said: tuple[Utterance, ...], held: int
) -> list[tuple[Topic, Event]]:
    name = SessionId(session.session_id)
    summaries = tuple(
        SpeakerSummary(label=SpeakerLabel(v), talk_ms=ms, turns=1, overlap_ms=0, clips=())
        for v, ms in session.talk_ms.items()
    )
    sealed = SessionSealed(
        occurred_at_ms=1,
        session_id=name,
        owner=OWNER,
        group_id=None,
        generation=generation,
        cause=Cause.SEALED,
        windows=(1,),
        window_ms=20_000,
        total_ms=session.length_ms,
        gaps=(),
        hint=None,
        lexicon="1",
        time_zone=session.zone,
        recorded_at_ms=session.start_ms,
    )
    identified = SpeakersIdentified(
        occurred_at_ms=1,
        session_id=name,
        generation=generation,
        turns=Pointer(key="k", sha256="d", size=1),
        speakers=summaries,
    )
    return [
        (topics.DECIDED, sealed),
        (topics.IDENTIFIED, identified),
        (topics.COUNTED, _counted(session, generation, said, held)),
    ]


def _counted(
    session: Recorded, generation: int, said: tuple[Utterance, ...], held: int
) -> WordsCounted:
    counted = tuple(
        CountedRow(
            ordinal=n,
            speaker=SpeakerLabel(u.speaker),
            word=u.word,
            said_at_ms=session.start_ms + u.at_ms,
            day=session.day(u.at_ms).isoformat(),
            probability=1.0,
            reason="exact",
        )
        for n, u in enumerate(said)
    )
    spoken = {SpeakerLabel(label): count for label, count in session.spoken.items()}
    return WordsCounted(
        occurred_at_ms=1,
        session_id=SessionId(session.session_id),
        window=0,
        generation=generation,
        lexicon="1",
        day=session.day(0).isoformat(),
        rows=counted,
        most_rows=max(held, len(said)),
        spoken=spoken,
        missing=(),
    )


def _request(session: Recorded, number: int, speaker: str, user: str) -> Event:
    name = SessionId(session.session_id)
    request = f"{session.session_id}/{number}"
    if not user:
        return ReleaseRequested(
            occurred_at_ms=2,
            session_id=name,
            request_id=request,
            speaker=SpeakerLabel(speaker),
            by=OWNER,
        )
    return ClaimRequested(
        occurred_at_ms=2,
        session_id=name,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(user),
        kind=ClaimKind.SELF,
    )


def _listing(session: Recorded) -> SessionListing:
    return SessionListing(
        caused_by=EventId("cause"),
        occurred_at_ms=1,
        session_id=SessionId(session.session_id),
        owner=OWNER,
        group_id=None,
        state=State.READY,
        generation=1,
        recorded_at_ms=session.start_ms,
        time_zone=session.zone,
        audio_ms=session.length_ms,
        received=(),
        conflicts=(),
        expected=None,
    )
