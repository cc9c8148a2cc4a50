"""A counted session of two speakers as the credits fold reads it, and requests about them."""

from collections import Counter

from msgspec.structs import replace

from schemas.claim_events import (
    ClaimKind,
    ClaimRequested,
    Decided,
    ForgetRequested,
    ReleaseRequested,
    TagAnswered,
    TagRequested,
)
from schemas.event import Event
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.session_events import Constraint, ConstraintKind, SessionSealed, SpeakersConstrained
from schemas.speech_events import SpeakersIdentified
from schemas.word_events import CountedRow, VoiceCredited, WordsCounted, WordsCredited
from streams.credits.fold import fold
from tests import folding
from tests.attributing import SEALED
from tests.speakers import speakers_identified

SESSION = SessionId("s")
OWNER = UserId("owner")
DAY = "2026-11-23"
WINDOWS = (
    {"S1": ["lah", "lah"], "S2": ["walao"]},
    {"S1": ["can"], "S2": []},
    {"S1": [], "S2": ["lah"]},
)
SAID = {"S1": Counter(lah=2, can=1), "S2": Counter(walao=1, lah=1)}


def sealed(generation: int = 1) -> SessionSealed:
    return replace(
        SEALED,
        event_id="",
        owner=OWNER,
        generation=generation,
        windows=(1,) * len(WINDOWS),
        total_ms=60_000,
        time_zone="Asia/Singapore",
    )


def identified(generation: int = 1, labels: tuple[str, ...] = ("S1", "S2")) -> SpeakersIdentified:
    return speakers_identified(
        SESSION, generation, labels, occurred_at_ms=1, talk_ms=9_000, turns=3
    )


def counted(window: int, generation: int = 1) -> WordsCounted:
    said = [(speaker, word) for speaker, words in WINDOWS[window].items() for word in words]
    rows = tuple(
        CountedRow(
            ordinal=n,
            speaker=SpeakerLabel(speaker),
            word=word,
            said_at_ms=1,
            day=DAY,
            probability=1.0,
            reason="exact",
        )
        for n, (speaker, word) in enumerate(said)
    )
    return WordsCounted(
        occurred_at_ms=1,
        session_id=SESSION,
        window=window,
        generation=generation,
        lexicon="1",
        day=DAY,
        rows=rows,
        most_rows=0,
        spoken={SpeakerLabel("S1"): 10, SpeakerLabel("S2"): 20},
        missing=(),
    )


def claim(request: str, speaker: str, user: str) -> ClaimRequested:
    return ClaimRequested(
        occurred_at_ms=2,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(user),
        kind=ClaimKind.SELF,
    )


def release(request: str, speaker: str, user: str) -> ReleaseRequested:
    return ReleaseRequested(
        occurred_at_ms=3,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(user),
    )


def forget(user: str) -> ForgetRequested:
    """Of somebody who leaves."""
    return ForgetRequested(
        occurred_at_ms=4, session_id=SESSION, request_id=f"f-{user}", by=UserId(user)
    )


def run(events: list[Event]) -> list[Event]:
    return folding.run(fold, events)


def truth(events: list[Event]) -> dict[str, Counter[str]]:
    """Returns user -> word -> count, by the newest credit of each user and speaker."""
    newest: dict[tuple[str, str], WordsCredited] = {}
    for event in events:
        if isinstance(event, WordsCredited):
            key = (event.user_id, event.speaker)
            newest[key] = max(
                newest.get(key, event), event, key=lambda credit: credit.credit_version
            )
    found: dict[str, Counter[str]] = {}
    for (user, _), credit in newest.items():
        for words in credit.days.values():
            found.setdefault(user, Counter()).update({word: n for word, n in words.items() if n})
    return {user: words for user, words in found.items() if words.total()}


def voices(out: list[Event]) -> dict[tuple[str, str], VoiceCredited]:
    """The newest of each user and speaker."""
    return {
        (event.user_id, event.speaker): event for event in out if isinstance(event, VoiceCredited)
    }


def generation(number: int, labels: tuple[str, ...] = ("S1", "S2")) -> list[Event]:
    """Everything of it: its seal, its speakers and the counts of its windows."""
    windows = [counted(n, number) for n in range(len(WINDOWS))]
    return [sealed(number), identified(number, labels), *windows]


COUNTS = generation(1)


def tag(request: str, speaker: str, user: str, by: str = "owner") -> TagRequested:
    return TagRequested(
        occurred_at_ms=2,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(by),
        user_id=UserId(user),
    )


def agree(request: str, speaker: str, user: str) -> TagAnswered:
    return TagAnswered(
        occurred_at_ms=3,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(user),
    )


def decided(out: list[Event]) -> list[Event]:
    return [event for event in out if isinstance(event, Decided)]


def constrained(
    generation: int, *merges: tuple[str, str], agreed: bool = False
) -> SpeakersConstrained:
    """Each merge is of a target and of the other speaker, which becomes it."""
    return SpeakersConstrained(
        occurred_at_ms=1,
        session_id=SESSION,
        generation=generation,
        constraints=tuple(
            Constraint(
                kind=ConstraintKind.MERGE,
                speaker=SpeakerLabel(target),
                other=SpeakerLabel(other),
                correction=n,
                agreed=agreed,
            )
            for n, (target, other) in enumerate(merges, 1)
        ),
    )


def merged(target: str, other: str, *, agreed: bool = False) -> list[Event]:
    """Generation 2, in which one of the two labels is gone and its words are the other's."""
    windows = [
        replace(counted(n, 2), rows=tuple(replace(row, speaker=target) for row in counted(n).rows))
        for n in range(len(WINDOWS))
    ]
    joining = constrained(2, (target, other), agreed=agreed)
    return [joining, sealed(2), identified(2, (target,)), *windows]
