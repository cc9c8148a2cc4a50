"""A session in which one word was counted three times, and verdicts on its counts."""

from collections.abc import Iterable

from msgspec.structs import replace

from schemas.claim_events import CountJudged, Verdict, VerdictRequested
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.word_events import CountedRow, SessionCounted
from tests.credit_history import DAY, SESSION, WINDOWS, claim, counted, identified, sealed

LAHS = (1_000, 5_000, 9_000)
MAYBE_MS = 12_000


def row(
    ordinal: int, word: str, ms: int, speaker: str = "S1", *, maybe: bool = False
) -> CountedRow:
    return CountedRow(
        ordinal=ordinal,
        speaker=SpeakerLabel(speaker),
        word=word,
        said_at_ms=ms,
        day=DAY,
        probability=1.0,
        reason="exact",
        maybe=maybe,
    )


def words(generation: int = 1, later_ms: int = 0, speaker: str = "S1") -> list[Event]:
    """A generation in which S1 said lah three times and perhaps sian, and S2 lah once."""
    rows = [row(n, "lah", ms + later_ms, speaker) for n, ms in enumerate(LAHS)]
    rows.append(row(3, "sian", MAYBE_MS + later_ms, speaker, maybe=True))
    rows.append(row(4, "lah", LAHS[0] + later_ms, "S2"))
    return with_rows(generation, ("S1", "S2") if speaker == "S1" else ("S2",), rows)


def with_rows(
    generation: int, labels: tuple[str, ...], rows: Iterable[CountedRow] = ()
) -> list[Event]:
    """A generation of these speakers, with these counts in its first window and no others."""
    first = replace(counted(0, generation), rows=tuple(rows))
    others = [replace(counted(n, generation), rows=()) for n in range(1, len(WINDOWS))]
    return [sealed(generation), identified(generation, labels), first, *others]


def verdict(
    request: str,
    ms: int,
    said: Verdict = Verdict.STRUCK,
    *,
    by: str = "mei",
    word: str = "lah",
    speaker: str = "S1",
) -> VerdictRequested:
    return VerdictRequested(
        occurred_at_ms=9,
        session_id=SESSION,
        request_id=request,
        speaker=SpeakerLabel(speaker),
        by=UserId(by),
        word=word,
        said_at_ms=ms,
        verdict=said,
    )


MEI = [*words(), claim("c", "S1", "mei")]


def totals(events: list[Event]) -> dict[str, int]:
    """The words of S1 in the newest totals of the session."""
    newest = max(
        (event for event in events if isinstance(event, SessionCounted)),
        key=lambda event: event.totals_version,
    )
    return next(speaker.words for speaker in newest.speakers if speaker.label == "S1")


def judged(events: list[Event]) -> dict[tuple[str, str, int], Verdict]:
    """The verdicts as the warehouse has them."""
    found: dict[tuple[str, str, int], CountJudged] = {}
    for event in events:
        if isinstance(event, CountJudged):
            place = (event.speaker, event.word, event.said_at_ms)
            if place not in found or event.claim_version >= found[place].claim_version:
                found[place] = event
    return {place: event.verdict for place, event in found.items() if event.verdict}
