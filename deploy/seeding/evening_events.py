"""One made-up evening as the sink's input: events, and what the fold `credits` makes of them."""

from collections.abc import Iterator

from consumers.runtime.outcome import Record
from deploy.seeding.year import ZONE, SaidWord, Talk
from schemas import topics
from schemas.claim_events import ClaimKind, ClaimRequested
from schemas.days import day_of
from schemas.event import Event, Pointer
from schemas.fact_sheet import Topic
from schemas.ids import EventId, SpeakerLabel, UserId, derived_id
from schemas.session_events import Cause, SessionSealed, State
from schemas.session_rows import SessionListing
from schemas.speech_events import SpeakersIdentified, SpeakerSummary
from schemas.word_events import CountedRow, WordsCounted
from streams.credits.fold import fold
from streams.store import Store


def sink_records(talk: Talk, lexicon: str) -> Iterator[Record]:
    """Yield the records that the sink would get, in order."""
    state: dict[str, bytes] = {}
    yield Record(topics.DIRECTORY, 0, 0, _listing(talk))
    for topic, event in _events(talk, lexicon):
        store = Store(state.get)
        outputs = fold(store, event)
        store.write_to(state)
        # The other inputs of the fold are left out: turns and clips have no object behind them.
        if isinstance(event, WordsCounted):
            yield Record(topic, 0, 0, event)
        for output_topic, output in outputs:
            yield Record(output_topic, 0, 0, output)


def _owner(talk: Talk) -> UserId:
    """The first voice that is no guest: there is one in every talk."""
    people = [person for person in talk.voices.values() if person is not None]
    return people[0].user_id


def _ended_ms(talk: Talk) -> int:
    return talk.start_ms + talk.length_ms


def _events(talk: Talk, lexicon: str) -> list[tuple[Topic, Event]]:
    claims = [(topics.CLAIMS_REQUESTED, _claim(talk, voice)) for voice in talk.voices]
    return [
        (topics.DECIDED, _sealed(talk, lexicon)),
        (topics.IDENTIFIED, _identified(talk)),
        (topics.COUNTED, _counted(talk, lexicon)),
        *claims,
    ]


def _sealed(talk: Talk, lexicon: str) -> SessionSealed:
    return SessionSealed(
        occurred_at_ms=_ended_ms(talk),
        session_id=talk.session_id,
        owner=_owner(talk),
        group_id=talk.group_id,
        generation=1,
        cause=Cause.SEALED,
        windows=(1,),
        window_ms=talk.length_ms,
        total_ms=talk.length_ms,
        gaps=(),
        hint=None,
        lexicon=lexicon,
        time_zone=ZONE,
        recorded_at_ms=talk.start_ms,
    )


def _identified(talk: Talk) -> SpeakersIdentified:
    return SpeakersIdentified(
        occurred_at_ms=_ended_ms(talk),
        session_id=talk.session_id,
        generation=1,
        turns=Pointer(key="", sha256="", size=0),
        speakers=tuple(_summary(label, talk_ms) for label, talk_ms in talk.talk_ms.items()),
    )


def _summary(label: SpeakerLabel, talk_ms: int) -> SpeakerSummary:
    turns = talk_ms // 6_000 + 1
    overlap_ms = talk_ms // 20
    return SpeakerSummary(
        label=label, talk_ms=talk_ms, turns=turns, overlap_ms=overlap_ms, clips=()
    )


def _counted(talk: Talk, lexicon: str) -> WordsCounted:
    rows = tuple(_row(talk, ordinal, said) for ordinal, said in enumerate(talk.said))
    return WordsCounted(
        occurred_at_ms=_ended_ms(talk),
        session_id=talk.session_id,
        window=0,
        generation=1,
        lexicon=lexicon,
        day=day_of(talk.start_ms, ZONE),
        rows=rows,
        most_rows=len(rows),
        spoken=talk.spoken,
        missing=(),
    )


def _row(talk: Talk, ordinal: int, said: SaidWord) -> CountedRow:
    said_at_ms = talk.start_ms + said.at_ms
    return CountedRow(
        ordinal=ordinal,
        speaker=said.speaker,
        word=said.word,
        said_at_ms=said_at_ms,
        day=day_of(said_at_ms, ZONE),
        probability=0.9,
        reason="exact",
    )


def _claim(talk: Talk, voice: SpeakerLabel) -> ClaimRequested:
    """People claim their own voices. The owner says who a guest is."""
    person = talk.voices[voice]
    request = derived_id("SeededClaim", talk.session_id, voice)
    if person is None:
        return ClaimRequested(
            occurred_at_ms=_ended_ms(talk),
            session_id=talk.session_id,
            request_id=request,
            speaker=voice,
            by=_owner(talk),
            kind=ClaimKind.GUEST,
            guest_name="A friend of a friend",
        )
    return ClaimRequested(
        occurred_at_ms=_ended_ms(talk),
        session_id=talk.session_id,
        request_id=request,
        speaker=voice,
        by=person.user_id,
        kind=ClaimKind.SELF,
    )


def _listing(talk: Talk) -> SessionListing:
    return SessionListing(
        caused_by=EventId(derived_id("Seeded", talk.session_id)),
        occurred_at_ms=_ended_ms(talk),
        session_id=talk.session_id,
        owner=_owner(talk),
        group_id=talk.group_id,
        state=State.COMPLETED,
        generation=1,
        recorded_at_ms=talk.start_ms,
        time_zone=ZONE,
        audio_ms=talk.length_ms,
        received=(),
        conflicts=(),
        expected=0,
    )
