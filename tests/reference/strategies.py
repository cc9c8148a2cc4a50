"""Histories of some sessions, drawn by hypothesis: clocks that change, claims, recounts."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from schemas.days import unix_ms_of
from tests.reference.history import Recorded, Utterance

MOMENTS = [
    datetime(2028, 2, 28, 19, 50, tzinfo=UTC),  # in Singapore 03:50 of 29 February: still the 28th
    datetime(2028, 3, 12, 6, 30, tzinfo=UTC),  # half an hour before New York's clocks go forward
    datetime(2028, 3, 12, 8, 10, tzinfo=UTC),
    datetime(2027, 12, 31, 15, 55, tzinfo=UTC),
    datetime(2028, 1, 1, 3, 58, tzinfo=UTC),
    datetime(2028, 3, 13, 12, 0, tzinfo=UTC),
    datetime(2028, 3, 14, 12, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # London's clocks go back
    datetime(2028, 4, 1, 14, 50, tzinfo=UTC),  # soon Lord Howe's go back by half an hour
    datetime(2027, 12, 31, 22, 10, tzinfo=UTC),  # in Kathmandu 03:55: still the old year
]
WORDS = "lah walao shiok paiseh cheem lepak kiasu leh lor sia meh kopi".split()
USERS = ("ann", "ben", "cat")
SPEAKERS = ("S1", "S2", "S3")


ZONES = (
    "Asia/Singapore",
    "Europe/London",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
)
HALF_SECONDS = st.integers(0, 1_800).map(lambda number: number * 500)
UTTERANCE = st.builds(Utterance, st.sampled_from(SPEAKERS), st.sampled_from(WORDS), HALF_SECONDS)
CLAIM = st.tuples(st.sampled_from(SPEAKERS), st.sampled_from((*USERS, "")))


def _at_ms(utterance: Utterance) -> int:
    return utterance.at_ms


@st.composite
def utterances(draw: st.DrawFn, most: int) -> tuple[Utterance, ...]:
    """Up to so many words of a quarter of an hour, in time."""
    said = draw(st.lists(UTTERANCE, max_size=most))
    return tuple(sorted(said, key=_at_ms))


@st.composite
def sessions(draw: st.DrawFn, session_id: str) -> Recorded:
    """A session near one of the moments."""
    moment = draw(st.sampled_from(MOMENTS))
    later_s = draw(st.integers(0, 600))
    return Recorded(
        session_id=session_id,
        start_ms=unix_ms_of(moment) + later_s * 1000,
        zone=draw(st.sampled_from(ZONES)),
        length_ms=draw(st.integers(900, 5_000)) * 1000,
        talk_ms={speaker: draw(st.integers(0, 300)) * 1000 for speaker in SPEAKERS},
        spoken={speaker: draw(st.integers(0, 700)) for speaker in SPEAKERS},
        said=draw(utterances(25)),
        claims=tuple(draw(st.lists(CLAIM, max_size=7))),
        recounted=draw(st.none() | utterances(25)),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Recorded]:
    """One to five sessions."""
    number = draw(st.integers(1, 5))
    return [draw(sessions(f"0197-{n}")) for n in range(number)]
