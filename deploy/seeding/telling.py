"""One evening as the stages would tell it: through the fold that joins counts and claims, and the sink's rows."""

from collections.abc import Iterator

from consumers.runtime.outcome import Record
from deploy.seeding.year import ZONE, Talk
from schemas import topics
from schemas.claim_events import ClaimKind, ClaimRequested
from schemas.days import day_of
from schemas.event import Event, Pointer
from schemas.ids import EventId, SessionId, SpeakerLabel, UserId, derived_id
from schemas.session_events import Cause, SessionListing, SessionSealed, State
from schemas.speech_events import SpeakersIdentified, SpeakerSummary
from schemas.topics import Topic
from schemas.word_events import CountedRow, WordsCounted
from streams.credits.fold import fold
from streams.store import Store


def told(talk: Talk, lexicon: str) -> Iterator[Record]:
    """What the sink would be given, in order."""
    held: dict[str, bytes] = {}
    yield Record(topics.DIRECTORY, 0, 0, _listing(talk))
    for topic, event in _heard(talk, lexicon):
        store = Store(held.get)
        sent = fold(store, event)
        held |= store.writes
        # Turns and clips have no object behind them: they are not told.
        found = (
            sent
            if isinstance(event, SpeakersIdentified | SessionSealed | ClaimRequested)
            else [(topic, event), *sent]
        )
        yield from (Record(topic, 0, 0, event) for topic, event in found)


def _owner(talk: Talk) -> UserId:
    return next(person.user_id for person in talk.voices.values() if person is not None)


def _ended_ms(talk: Talk) -> int:
    return talk.start_ms + talk.length_ms


def _heard(talk: Talk, lexicon: str) -> list[tuple[Topic, Event]]:
    name = SessionId(talk.session_id)
    summaries = tuple(
        SpeakerSummary(label=v, talk_ms=ms, turns=ms // 6_000 + 1, overlap_ms=ms // 20, clips=())
        for v, ms in talk.talk_ms.items()
    )
    sealed = SessionSealed(
        occurred_at_ms=_ended_ms(talk), session_id=name, owner=_owner(talk), group_id=talk.group_id,
        generation=1, cause=Cause.SEALED, windows=(1,), window_ms=talk.length_ms, total_ms=talk.length_ms, gaps=(), hint=None, lexicon=lexicon,
        time_zone=ZONE, recorded_at_ms=talk.start_ms,
    )  # fmt: skip
    identified = SpeakersIdentified(
        occurred_at_ms=_ended_ms(talk), session_id=name, generation=1,
        turns=Pointer(key="", sha256="", size=0), speakers=summaries,
    )  # fmt: skip
    claims = [_claim(talk, voice) for voice in talk.voices]
    events = [
        (topics.DECIDED, sealed),
        (topics.IDENTIFIED, identified),
        (topics.COUNTED, _counted(talk, lexicon)),
    ]
    return [*events, *((topics.CLAIMS_REQUESTED, claim) for claim in claims)]


def _counted(talk: Talk, lexicon: str) -> WordsCounted:
    rows = tuple(
        CountedRow(
            ordinal=n, speaker=one.speaker, word=one.word, said_at_ms=talk.start_ms + one.at_ms, day=day_of(talk.start_ms + one.at_ms, ZONE),
            probability=0.9, reason="exact",
        )
        for n, one in enumerate(talk.said)
    )  # fmt: skip
    return WordsCounted(
        occurred_at_ms=_ended_ms(talk), session_id=SessionId(talk.session_id),
        window=0, generation=1, lexicon=lexicon, day=day_of(talk.start_ms, ZONE), rows=rows, most_rows=len(rows), spoken=talk.spoken, missing=(),
    )  # fmt: skip


def _claim(talk: Talk, voice: SpeakerLabel) -> ClaimRequested:
    person = talk.voices[voice]
    request = derived_id("SeededClaim", talk.session_id, voice)
    kind, by = (
        (ClaimKind.SELF, person.user_id) if person is not None else (ClaimKind.GUEST, _owner(talk))
    )
    return ClaimRequested(
        occurred_at_ms=_ended_ms(talk), session_id=SessionId(talk.session_id), request_id=request,
        speaker=voice, by=by, kind=kind, guest_name=None if person is not None else "A friend of a friend",
    )  # fmt: skip


def _listing(talk: Talk) -> SessionListing:
    return SessionListing(
        caused_by=EventId(derived_id("Seeded", talk.session_id)), occurred_at_ms=_ended_ms(talk), session_id=SessionId(talk.session_id),
        owner=_owner(talk), group_id=talk.group_id, state=State.COMPLETED, generation=1, recorded_at_ms=talk.start_ms, time_zone=ZONE,
        audio_ms=talk.length_ms, received=(), conflicts=(), expected=0,
    )  # fmt: skip
