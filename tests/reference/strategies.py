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
]
WORDS = "lah walao shiok paiseh cheem lepak kiasu leh lor sia meh kopi".split()
USERS = ("ann", "ben", "cat")
SPEAKERS = ("S1", "S2", "S3")


def utterances(most: int) -> st.SearchStrategy[tuple[Utterance, ...]]:
    one = st.builds(
        Utterance,
        st.sampled_from(SPEAKERS),
        st.sampled_from(WORDS),
        st.integers(0, 900_000).map(lambda s: s // 500 * 500),
    )
    return st.lists(one, max_size=most).map(lambda said: tuple(sorted(said, key=lambda u: u.at_ms)))


@st.composite
def histories(draw: st.DrawFn) -> list[Recorded]:
    sessions = []
    for n in range(draw(st.integers(1, 5))):
        start = unix_ms_of(draw(st.sampled_from(MOMENTS))) + draw(st.integers(0, 600)) * 1000
        sessions.append(
            Recorded(
                session_id=f"0197-{n}",
                start_ms=start,
                zone=draw(st.sampled_from(["Asia/Singapore", "Europe/London", "America/New_York"])),
                length_ms=draw(st.integers(900, 5_000)) * 1000,
                talk_ms={speaker: draw(st.integers(0, 300)) * 1000 for speaker in SPEAKERS},
                spoken={speaker: draw(st.integers(0, 700)) for speaker in SPEAKERS},
                said=draw(utterances(25)),
                claims=tuple(
                    draw(
                        st.lists(
                            st.tuples(st.sampled_from(SPEAKERS), st.sampled_from((*USERS, ""))),
                            max_size=7,
                        )
                    )
                ),
                recounted=draw(st.none() | utterances(25)),
            )
        )
    return sessions
