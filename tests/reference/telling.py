"""The rows that a recorded session leaves, made by the product's own folds and sink."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from adapters.warehouse import Warehouse
from consumers.rollup.step import recompute
from consumers.runtime.outcome import Done, Outcome, Record
from consumers.sink.rows import rows_of
from schemas import topics
from schemas.claim_events import ClaimKind, ClaimRequested, ReleaseRequested
from schemas.event import Event, Pointer
from schemas.fact_sheet import Topic
from schemas.ids import EventId, SessionId, SpeakerLabel, UserId
from schemas.session_events import Cause, SessionSealed, State
from schemas.session_rows import SessionListing
from schemas.speech_events import SpeakersIdentified, SpeakerSummary
from schemas.word_events import CountedRow, WarehouseChanged, WordsCounted
from streams.credits.fold import fold
from streams.store import Store
from tests.reference.history import Recorded, Utterance

OWNER = UserId("owner")
Row = dict[str, Any]
TableRow = tuple[str, Row]
"""The name of a table, and a row of it."""
TABLES = (
    "word_events",
    "user_days",
    "user_voices",
    "sessions",
    "claims",
    "spoken_windows",
    "session_totals",
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
    """Write the sessions' rows into empty tables, and what the rollup makes of them."""
    for table in EMPTIED:
        warehouse.command(f"TRUNCATE TABLE {table}")
    tell_more(warehouse, sessions)


def tell_more(warehouse: Warehouse, sessions: list[Recorded]) -> None:
    """Do the same with tables as they are."""
    told: list[TableRow] = []
    days: set[str] = set()
    for session in sessions:
        told += rows(session)
        for utterance in (*session.said, *(session.recounted or ())):
            days.add(session.day(utterance.at_ms).isoformat())
    put_all(warehouse, told)
    recompute(warehouse, days)


def days_named(outcomes: Iterable[Outcome]) -> set[str]:
    """The days that the sink says have changed."""
    days: set[str] = set()
    for outcome in outcomes:
        for _, event in outcome.events if isinstance(outcome, Done) else ():
            assert isinstance(event, WarehouseChanged)
            days |= set(event.days)
    return days


def put_all(warehouse: Warehouse, told: Iterable[TableRow]) -> None:
    """Insert rows of several tables, those of a table and a month at once, as the sink does."""
    by_table_and_month: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for table, row in told:
        by_table_and_month[table, _month(row)].append(row)
    for (table, _), found in by_table_and_month.items():
        columns = sorted(found[0])
        values = [_in_order(row, columns) for row in found]
        warehouse.insert(table, columns, values)


def _month(row: Row) -> str:
    """The month by which its table is cut; empty where it is not."""
    day = row.get("window_day") or row.get("day") or ""
    return str(day)[:7]


def _in_order(row: Row, columns: list[str]) -> list[Any]:
    return [row[column] for column in columns]


def put(warehouse: Warehouse, table: str, row: Row) -> None:
    """Insert one row."""
    put_all(warehouse, [(table, row)])


def records(session: Recorded) -> list[Record]:
    """The messages that the sink would get, in order."""
    sent: list[tuple[Topic, Event]] = [(topics.DIRECTORY, _listing(session))]
    state: dict[str, bytes] = {}
    for topic, event in _events(session):
        store = Store(state.get)
        sent.append((topic, event))
        sent += fold(store, event)
        store.write_to(state)
    return [Record(topic, 0, offset, event) for offset, (topic, event) in enumerate(sent)]


def rows(session: Recorded) -> list[TableRow]:
    """Table and row, in the order in which they would come. Clips and objects are not told."""
    found: list[TableRow] = []
    for record in records(session):
        found += [(table, row) for table, row in rows_of(record) if table in TABLES]
    return found


def _events(session: Recorded) -> list[tuple[Topic, Event]]:
    """The input of the fold `credits`: a generation, claims and releases, perhaps a recount."""
    found = _generation(session, 1, session.said, 0)
    for number, (speaker, user) in enumerate(session.claims):
        found.append((topics.CLAIMS_REQUESTED, _request(session, number, speaker, user)))
    if session.recounted is not None:
        found += _generation(session, 2, session.recounted, len(session.said))
    return found


def _generation(
    session: Recorded, generation: int, said: tuple[Utterance, ...], rows_before: int
) -> list[tuple[Topic, Event]]:
    """`rows_before`: how many rows the generation before had, which this one replaces."""
    name = SessionId(session.session_id)
    summaries = [_summary(speaker, ms) for speaker, ms in session.talk_ms.items()]
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
        speakers=tuple(summaries),
    )
    return [
        (topics.DECIDED, sealed),
        (topics.IDENTIFIED, identified),
        (topics.COUNTED, _counted(session, generation, said, rows_before)),
    ]


def _summary(speaker: str, talk_ms: int) -> SpeakerSummary:
    label = SpeakerLabel(speaker)
    return SpeakerSummary(label=label, talk_ms=talk_ms, turns=1, overlap_ms=0, clips=())


def _counted(
    session: Recorded, generation: int, said: tuple[Utterance, ...], rows_before: int
) -> WordsCounted:
    """All words in one window."""
    counted = [_counted_row(session, ordinal, utterance) for ordinal, utterance in enumerate(said)]
    spoken = {SpeakerLabel(label): count for label, count in session.spoken.items()}
    return WordsCounted(
        occurred_at_ms=1,
        session_id=SessionId(session.session_id),
        window=0,
        generation=generation,
        lexicon="1",
        day=session.day(0).isoformat(),
        rows=tuple(counted),
        most_rows=max(rows_before, len(said)),
        spoken=spoken,
        missing=(),
    )


def _counted_row(session: Recorded, ordinal: int, utterance: Utterance) -> CountedRow:
    return CountedRow(
        ordinal=ordinal,
        speaker=SpeakerLabel(utterance.speaker),
        word=utterance.word,
        said_at_ms=session.start_ms + utterance.at_ms,
        day=session.day(utterance.at_ms).isoformat(),
        probability=1.0,
        reason="exact",
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
