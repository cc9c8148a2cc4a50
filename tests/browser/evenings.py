"""Talks of one person in every state that a talk can have, as rows of the warehouse.

Their owner is not the owner of the year that other tests look at.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from adapters.objects.store import put_by_digest
from adapters.process.clock import unix_ms
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from deploy.seeding.evening_events import sink_records
from deploy.seeding.names import COMMON
from deploy.seeding.year import ZONE, Person, SaidWord, Talk
from schemas import topics
from schemas.claim_events import SpeakerTagged
from schemas.codec import encode
from schemas.days import day_of, unix_ms_of
from schemas.event import Event, Pointer
from schemas.fact_sheet import Topic
from schemas.ids import EventId, SessionId, SpeakerLabel, UserId
from schemas.limits import DAY_MS
from schemas.object_kinds import ATTRIBUTED_WORDS
from schemas.objects import AttributedWord, AttributedWords
from schemas.people_events import ShareListing, UserListing
from schemas.session_events import Failure, State
from schemas.session_rows import SessionEta, SessionListing, SessionProgress
from schemas.speech_events import (
    PossibleHint,
    ProvisionalSpeakersIdentified,
    SpeakersIdentified,
    SpeakerSummary,
)
from schemas.word_events import (
    CountedRow,
    ProvisionalWordsCounted,
    WordsAttributed,
    WordsCounted,
)
from tests.browser.conftest import TODAY, Site
from tests.golden import example_of

HOST = "person-001"
"""The owner of the talks."""
FRIEND = "person-002"
NEWCOMER = "somebody-who-has-just-come"
LIVE, WAITING, FAILED, ERASED, READY, TAGGED = (
    SessionId(f"0197a3c2-0000-7000-8000-00000000f{n:03x}") for n in range(1, 7)
)
MINUTE_MS = 60_000
NOON = time(12, tzinfo=UTC)
FIRST, SECOND, THIRD = (SpeakerLabel(f"S{n}") for n in (1, 2, 3))
QUOTES = {
    FIRST: "wah the queue so long sia, sian already",
    SECOND: "aiyo you all order first lah, I can eat anything one",
    THIRD: "can lor, kopi for me",
}


class Evenings:
    """The talks that a visitor finds. Each is told once; telling it again changes nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._sink = Sink(site.warehouse, lambda: 0)
        self._noon_ms = unix_ms_of(datetime.combine(TODAY, NOON))

    def all(self) -> None:
        """Every talk, and the profiles that look at them."""
        self._tell(topics.USERS_DIRECTORY, self._profile(NEWCOMER, "Jia Hui"))
        self.while_recorded(LIVE)
        self._tell(topics.DIRECTORY, self._listing(WAITING, State.PROCESSING))
        self._tell(topics.PROVISIONAL, self._progress(WAITING, 12, 7), self._eta(WAITING))
        self._tell(
            topics.DIRECTORY,
            self._listing(FAILED, State.FAILED, failure=Failure.SPEAKERS_NOT_IDENTIFIED),
            self._listing(ERASED, State.ERASED),
        )
        self._evening(READY, maybes=2, possible=(3, 4))
        self._evening(TAGGED)
        self._tell(topics.CLAIMS_DECIDED, self._tag())

    def while_recorded(self, session_id: str) -> None:
        """Words of two voices in a talk that is being recorded."""
        session = SessionId(session_id)
        now_ms = unix_ms()  # older provisional rows have left the warehouse
        counts = {FIRST: {"lah": 3, "sia": 2, "shiok": 1}, SECOND: {"can": 2, "paiseh": 1}}
        words = ProvisionalWordsCounted(
            occurred_at_ms=now_ms, session_id=session, caused_by=EventId("w0"),
            lexicon=shipped_lexicon().version, window=0, counts=counts,
            spoken={FIRST: 61, SECOND: 40},
        )  # fmt: skip
        speakers = (_summary(FIRST, 31_000), _summary(SECOND, 18_000))
        voices = ProvisionalSpeakersIdentified(
            occurred_at_ms=now_ms, session_id=session, turns=_nowhere(), speakers=speakers,
            through=1,
        )  # fmt: skip
        self._tell(topics.DIRECTORY, self._listing(session, State.RECORDING))
        self._tell(topics.PROVISIONAL, voices, words, self._progress(session, 3, 1))

    def share(self, digest: str) -> None:
        """A link to the year of the owner, under the digest of its secret."""
        row = ShareListing(
            occurred_at_ms=self._noon_ms, user_id=UserId("demo-owner"), share=digest,
            first="2026-01-01", last="2026-12-31", show_name=True, revoked=False, revision=1,
        )  # fmt: skip
        self._tell(topics.USERS_DIRECTORY, row)

    def _tell(self, topic: Topic, *events: Event) -> None:
        self._sink.process([Record(topic, 0, n, event) for n, event in enumerate(events)])

    def _profile(self, user: str, name: str) -> UserListing:
        return UserListing(
            occurred_at_ms=self._noon_ms, user_id=UserId(user), revision=1, display_name=name,
            findable=False, on_board=False, tags_take_effect_at_once=False, time_zone=ZONE,
        )  # fmt: skip

    def _listing(self, session: SessionId, state: State, **given: Any) -> SessionListing:
        values: Mapping[str, Any] = {
            "event_id": "", "session_id": session, "owner": UserId(HOST), "group_id": None,
            "state": state, "failure": None, "recorded_at_ms": self._noon_ms,
            "audio_ms": 4 * MINUTE_MS, "conflicts": (), **given,
        }  # fmt: skip
        return replace(example_of(SessionListing), **values)

    def _progress(self, session: SessionId, windows: int, counted: int) -> SessionProgress:
        return SessionProgress(
            occurred_at_ms=unix_ms(), session_id=session, caused_by=EventId("p"),
            state=State.PROCESSING, windows=windows, transcribed=counted, voiced=counted,
            counted=counted, audio_ms=windows * 20_000,
        )  # fmt: skip

    def _eta(self, session: SessionId) -> SessionEta:
        return SessionEta(
            occurred_at_ms=unix_ms(), session_id=session, caused_by=EventId("e"), eta_ms=100_000
        )

    def _tag(self) -> SpeakerTagged:
        return SpeakerTagged(
            occurred_at_ms=self._noon_ms, session_id=TAGGED, request_id="tagged", speaker=SECOND,
            by=UserId(HOST), user_id=UserId(FRIEND), claim_version=1,
        )  # fmt: skip

    def _evening(self, session: SessionId, maybes: int = 0, possible: tuple[int, ...] = ()) -> None:
        """Three voices; the first is the host's. The others are nobody's yet."""
        talk = _talk(session, self._noon_ms - DAY_MS)
        lexicon = shipped_lexicon().version
        self._sink.process(list(sink_records(talk, lexicon)))
        hints = tuple(PossibleHint(speakers=n, probability=0.5) for n in possible)
        speakers = tuple(_summary(label, talk_ms) for label, talk_ms in talk.talk_ms.items())
        self._tell(
            topics.IDENTIFIED,
            SpeakersIdentified(
                occurred_at_ms=self._noon_ms, session_id=session, generation=1, turns=_nowhere(),
                speakers=speakers, possible_hints=hints, faint=(THIRD,),
            ),
        )  # fmt: skip
        self._tell(topics.COUNTED, _maybes(talk, lexicon, maybes))
        self._tell(topics.ATTRIBUTED, self._quoted(talk, lexicon))

    def _quoted(self, talk: Talk, lexicon: str) -> WordsAttributed:
        """The words in the clips of the voices."""
        words = [
            AttributedWord(
                text=text, start_ms=_clip(label)[0] + 200 * n, end_ms=0, probability=1.0,
                speaker=label,
            )
            for label, quote in QUOTES.items()
            for n, text in enumerate(quote.split())
        ]  # fmt: skip
        body = encode(AttributedWords(words=tuple(words)))
        pointer = put_by_digest(
            self._site.blobs, ATTRIBUTED_WORDS, body, session_id=talk.session_id, window=0
        )
        return WordsAttributed(
            occurred_at_ms=self._noon_ms, session_id=talk.session_id, window=0, generation=1,
            words=pointer, missing=(), window_start_ms=0, lexicon=lexicon, time_zone=ZONE,
            recorded_at_ms=talk.start_ms,
        )  # fmt: skip


def _nowhere() -> Pointer:
    return Pointer(key="", sha256="", size=0)


def _clip(label: SpeakerLabel) -> tuple[int, int]:
    start_ms = 10_000 * int(label[1:])
    return start_ms, start_ms + 5_000


def _summary(label: SpeakerLabel, talk_ms: int) -> SpeakerSummary:
    return SpeakerSummary(
        label=label, talk_ms=talk_ms, turns=9, overlap_ms=900, clips=(_clip(label),)
    )


def _talk(session: SessionId, start_ms: int) -> Talk:
    host = Person(UserId(HOST), "Wei Jie Tan", 0, {}, on_board=False)
    said = [
        SaidWord(label, COMMON[(n * (k + 2)) % 9], 4_000 + 9_000 * n + 700 * k)
        for k, label in enumerate((FIRST, SECOND, THIRD))
        for n in range(14 - 5 * k)
    ]
    return Talk(
        session_id=session, group_id="", start_ms=start_ms, length_ms=38 * MINUTE_MS,
        voices={FIRST: host}, spoken={FIRST: 2004, SECOND: 1630, THIRD: 412},
        talk_ms={FIRST: 14 * MINUTE_MS, SECOND: 11 * MINUTE_MS, THIRD: 5 * MINUTE_MS},
        said=tuple(sorted(said, key=attrgetter("at_ms"))),
    )  # fmt: skip


def _maybes(talk: Talk, lexicon: str, count: int) -> WordsCounted:
    """Words of the host that the evidence leaves open."""
    at = [talk.start_ms + 95_000 + 61_000 * n for n in range(count)]
    rows = tuple(
        CountedRow(
            ordinal=n, speaker=FIRST, word=COMMON[n], said_at_ms=said_at_ms,
            day=day_of(said_at_ms, ZONE), probability=0.4, reason="rescored", maybe=True,
        )
        for n, said_at_ms in enumerate(at)
    )  # fmt: skip
    return WordsCounted(
        occurred_at_ms=talk.start_ms, session_id=talk.session_id, window=1, generation=1,
        lexicon=lexicon, day=day_of(talk.start_ms, ZONE), rows=rows, most_rows=len(rows),
        spoken={}, missing=(),
    )  # fmt: skip
