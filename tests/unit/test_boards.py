"""Places, percentiles, trends, and the stories of a group and of a session: the pure parts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.warehouse import Queries
from api.groups.board import board
from api.groups.ranking import percentile, ranked
from api.groups.rows import GroupTotalsRow, MemberRow, MemberTotalRow, MemberWordRow
from api.groups.story import GroupNumbers, group_story
from api.sessions.models import Progress, Rates, Results, SessionAnswer
from api.sessions.slides import session_wrapped
from api.sessions.speaker_models import SpeakerAnswer, SpeakerList, WordCount
from api.trends import Buckets, DayTotalRow, Granularity, starts, trend
from api.users.rows import BoardRow
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.session_events import State

COUNTS = st.lists(st.integers(0, 20), max_size=12)


@given(COUNTS)
def test_equal_counts_share_a_rank_which_is_one_more_than_how_many_said_more(
    counts: list[int],
) -> None:
    people = [BoardRow(UserId(f"u{n}"), "", count, 0) for n, count in enumerate(counts)]
    places = ranked(people)
    assert [place.counts for _, place in places] == sorted(counts, reverse=True)
    for rank, place in places:
        assert rank == 1 + sum(count > place.counts for count in counts)


@given(st.integers(0, 20), COUNTS)
def test_a_percentile_is_the_share_of_other_active_people_with_strictly_fewer(
    counts: int, others: list[int]
) -> None:
    active = [other for other in others if other]
    found = percentile(counts, others)
    if not active or not counts:
        assert found is None
    else:
        assert found == round(
            100 * len([other for other in active if other < counts]) / len(active), 1
        )


def test_nobody_is_ahead_of_all_others_who_is_not() -> None:
    others = [*[1] * 4_999, 9]
    assert percentile(5, others) == 99.9
    assert percentile(9, [*others, 9]) == 99.9
    assert percentile(10, others) == 100.0


def member(user: str) -> MemberRow:
    return MemberRow(UserId(user), user.upper(), "member", datetime(2026, 1, 1, tzinfo=UTC))


def test_who_said_nothing_has_a_place_too() -> None:
    totals = [MemberTotalRow(UserId("b"), 3, 600), MemberTotalRow(UserId("gone"), 9, 9)]
    places = board([member("a"), member("b")], totals)
    found = [(place.rank, place.user_id, place.counts, place.rate_per_1000) for place in places]
    assert found == [(1, "b", 3, 5.0), (2, "a", 0, None)]


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(
    DAYS,
    st.sampled_from(["day", "week", "month"]),
    st.integers(1, 40),
    st.lists(st.integers(0, 400), max_size=10),
)
def test_a_trend_has_every_bucket_and_loses_no_count(
    today: date, granularity: Granularity, limit: int, ago: list[int]
) -> None:
    found = starts(granularity, limit, today)
    assert len(found) == limit
    assert found == sorted(set(found))
    assert found[-1] <= today
    assert {first.day for first in found} == {1} or granularity != "month"
    assert {first.weekday() for first in found} == {0} or granularity != "week"
    days = sorted({today - timedelta(days=n) for n in ago if today - timedelta(days=n) >= found[0]})
    buckets = trend([DayTotalRow(day, 2, 30) for day in days], found)
    assert [bucket.first for bucket in buckets] == found
    assert sum(bucket.counts for bucket in buckets) == 2 * len(days)


class OneDay:
    """A warehouse that has one word of a day."""

    def __init__(self, day: date) -> None:
        self.day = day

    def query(
        self, sql: str, parameters: Mapping[str, str] | None = None, *, row: type[Any]
    ) -> list[Any]:
        span = parameters or {}
        is_there = span["first"] <= self.day.isoformat() <= span["last"]
        return [DayTotalRow(self.day, 1, 9)] if is_there else []


@pytest.mark.parametrize("granularity", ["week", "month"])
def test_a_trend_and_the_numbers_of_a_week_end_on_the_same_day(granularity: Granularity) -> None:
    """In Auckland it is tomorrow already. Before, its words were in the story of the week alone."""
    today = date(2026, 11, 26)
    tomorrow = OneDay(date(2026, 11, 27))
    found = Buckets(granularity, 3, today).read(cast(Queries, tomorrow), "", {})
    assert [bucket.counts for bucket in found.trend] == [0, 0, 1]


def totals(counts: int) -> GroupTotalsRow:
    return GroupTotalsRow(
        counts=counts, words_spoken=1_000, talk_total_ms=60_000, sessions=1, days=1, people=2
    )


def test_a_group_is_told_who_is_known_for_what() -> None:
    said = {"ann": {"lah": 40, "lor": 2}, "beng": {"lor": 30, "lah": 4}}
    rows = [
        MemberWordRow(UserId(user), word, n)
        for user, words in said.items()
        for word, n in words.items()
    ]
    words = {"lah": 44, "lor": 32}
    places = board([member("ann"), member("beng")], [])
    rows.append(MemberWordRow(UserId("gone"), "sia", 30))
    emoji = {"lah": "💬"}
    story = group_story(GroupNumbers(totals(76), totals(40), words, rows, places, emoji, {}))
    assert story.state == "ready"
    known = {row.user_id: (row.display_name, row.word) for row in story.cards.known_for}
    assert known == {"ann": ("ANN", "lah"), "beng": ("BENG", "lor")}  # the one who left is not told
    change = story.cards.totals.change
    assert change is not None
    assert (change.counts, change.words_spoken) == (36, 0)
    assert [row.share for row in story.cards.top_words] == [round(44 / 76, 4), round(32 / 76, 4)]


def test_words_that_come_between_two_questions_are_shares_of_one_another() -> None:
    """The totals are asked for first. Before, a division by nothing, and a server error."""
    words = {"lah": 3, "lor": 1}
    story = group_story(GroupNumbers(totals(0), None, words, [], [], {}, {}))
    assert [row.share for row in story.cards.top_words] == [0.75, 0.25]


def test_little_of_a_group_is_said_to_be_little() -> None:
    story = group_story(GroupNumbers(totals(3), None, {"lah": 3}, [], [], {}, {}))
    assert (story.state, story.missing.counts, story.cards.totals.change) == ("warming_up", 7, None)


def speaker(label: str, counts: int) -> SpeakerAnswer:
    words = [WordCount(word="lah", count=counts, emoji="")] if counts else []
    return SpeakerAnswer(
        talk_s=30.0,
        turns=1,
        overlap_share=0.0,
        words=words,
        maybe=[],
        speaker=SpeakerLabel(label),
        clips=[],
        claim=None,
    )


def session() -> SessionAnswer:
    return SessionAnswer(
        session_id=SessionId("s"),
        group_id=None,
        owned=True,
        state=State.COMPLETED,
        generation=1,
        recorded_at=datetime(2026, 11, 24, tzinfo=UTC),
        clock_corrected=False,
        time_zone="Asia/Singapore",
        audio_s=90.0,
        progress=Progress(windows=1, transcribed=1, voiced=1, counted=1),
        missing_audio=[],
        speakers=[SpeakerLabel("S1"), SpeakerLabel("S2")],
        failure=None,
        provisional=None,
    )


def results() -> Results:
    total = Rates(
        words_spoken=90, singlish_words=5, rate_per_1000=None, top_word="lah", words={"lah": 5}
    )
    return Results(
        state=State.COMPLETED,
        generation=1,
        lexicon="1",
        models={},
        speakers=[],
        total=total,
        missing_audio=[],
        all_claimed=False,
    )


def test_a_session_is_shown_slide_by_slide_the_most_counted_first() -> None:
    speakers = SpeakerList(state=State.COMPLETED, speakers=[speaker("S1", 0), speaker("S2", 5)])
    found = session_wrapped(session(), speakers, results())
    slides = [(slide.speaker, slide.counts, slide.talk_share) for slide in found.slides]
    assert slides == [("S2", 5, 0.5), ("S1", 0, 0.5)]
    assert found.table.minutes == 1.5


def test_a_talk_has_one_length_on_every_page() -> None:
    """Before, one of 45 seconds in the list of talks was one of 48 in its own story."""
    for audio_ms in (45_000, 7_001, 89_499, 5_430_017):
        talk = session().model_copy(update={"audio_s": audio_ms / 1000})
        nobody = SpeakerList(state=State.COMPLETED, speakers=[])
        found = session_wrapped(talk, nobody, results())
        assert round(60_000 * found.table.minutes) == audio_ms


def test_voices_that_said_as_much_are_shown_in_order_of_their_numbers() -> None:
    silent = [speaker("S10", 0), speaker("S2", 0)]
    speakers = SpeakerList(state=State.COMPLETED, speakers=silent)
    found = session_wrapped(session(), speakers, results())
    assert [slide.speaker for slide in found.slides] == ["S2", "S10"]
