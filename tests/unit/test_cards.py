"""Cards of a Wrapped: what equal words, near numbers and others make of them."""

from datetime import date

from api.date_range import DateRange
from api.wrapped.card_models import Percentile
from api.wrapped.cards import badges
from api.wrapped.input import WrappedInput, WrappedRows, wrapped_input
from api.wrapped.rows import CohortRow, InCohortRow, VoiceRow
from api.wrapped.story import cards
from schemas.ids import SessionId

DAY = date(2026, 11, 24)
YEAR = DateRange(date(2026, 1, 1), date(2026, 12, 31))
MANY = ("ah", "aiyo", "alamak", "can", "cheem", "eh", "hor", "kopi", "lah", "leh", "lor", "walao")
"""As many words as no card shows."""


def given(
    words: tuple[str, ...], cohort: CohortRow | None = None, own: int = 0, audio_ms: int = 90_000
) -> WrappedInput:
    """Somebody who said each of the words once, in this order, and has a place in the cohort."""
    voice = VoiceRow(
        session_id=SessionId("s"),
        words=list(words),
        said_ms=list(range(len(words))),
        said_days=[DAY],
        days=[DAY],
        spoken=[100],
        talk_ms=60_000,
        company=[],
        time_zone="Asia/Singapore",
        audio_ms=audio_ms,
    )
    rows = WrappedRows(
        voices=[voice],
        cohort=[cohort] if cohort else [],
        in_cohort=[InCohortRow(1, own, 0)] if own else [],
        everyone=[],
        lexicon=[],
    )
    return wrapped_input(rows, YEAR)


def test_the_longest_talk_has_the_length_that_the_list_of_talks_tells() -> None:
    longest = cards(given(("lah",), audio_ms=45_001), dict).sessions.longest
    assert longest is not None
    assert round(60_000 * longest.minutes) == 45_001


def test_the_first_named_personality_decides_among_all_equal_favourites() -> None:
    """Before, only among the ten words that the card shows: the alphabet took walao away."""
    without_named = tuple(word for word in MANY if word not in ("lah", "cheem"))
    others = ("makan", "sabo", "sia")
    assert len({*without_named, *others}) > 10
    found = cards(given((*without_named, *others)), dict).personality
    assert found is not None
    assert (found.name, found.because) == ("The Dramatic One", "walao")


def test_who_is_ahead_of_less_than_nine_tenths_has_no_badge_for_it() -> None:
    """188 of 209 are 89.95 per cent, which are told as 90.0."""
    cohort = CohortRow(snapshot=1, totals=[1, 5, 9], people=[188, 1, 21])
    behind = cards(given(("lah",), cohort, own=5), dict)
    assert behind.percentile == Percentile(percentile=90.0, people=210)
    assert badges.TOP not in behind.badges
    more = CohortRow(snapshot=1, totals=[1, 5, 9], people=[189, 1, 21])
    ahead = cards(given(("lah",), more, own=5), dict)
    assert badges.TOP in ahead.badges
