"""Places, percentiles, trends and a group's story: the pure parts, against what the contracts say."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.groups.story import group_story
from api.ranking import board, percentile, ranked
from api.sessions.slides import session_story
from api.users.trends import Granularity, starts, trend

COUNTS = st.lists(st.integers(0, 20), max_size=12)


@given(COUNTS)
def test_equal_counts_share_a_rank_which_is_one_more_than_how_many_said_more(
    counts: list[int],
) -> None:
    places = ranked([{"user_id": f"u{n}", "counts": count} for n, count in enumerate(counts)])
    assert [place["counts"] for place in places] == sorted(counts, reverse=True)
    assert all(
        place["rank"] == 1 + sum(count > place["counts"] for count in counts) for place in places
    )


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


def test_who_said_nothing_has_a_place_too() -> None:
    members = [{"user_id": "a", "display_name": "A"}, {"user_id": "b", "display_name": "B"}]
    places = board(
        members,
        [
            {"user_id": "b", "counts_": 3, "spoken_": 600},
            {"user_id": "gone", "counts_": 9, "spoken_": 9},
        ],
    )
    assert [
        (place["rank"], place["user_id"], place["counts"], place["rate_per_1000"])
        for place in places
    ] == [(1, "b", 3, 5.0), (2, "a", 0, None)]


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
    rows = [{"day": day, "counts_": 2, "spoken_": 30} for day in days]
    buckets = trend(rows, found)
    assert [bucket["from"] for bucket in buckets] == [first.isoformat() for first in found]
    assert sum(bucket["counts"] for bucket in buckets) == 2 * len(days)


def totals(words: dict[str, int]) -> dict[str, Any]:
    return {
        "counts": sum(words.values()),
        "words_spoken": 1_000,
        "rate_per_1000": 1.0,
        "talk_s": 60.0,
        "sessions": 1,
        "days": 1,
        "people": 2,
        "words": words,
    }


def test_a_group_is_told_who_is_known_for_what() -> None:
    said = {"ann": {"lah": 40, "lor": 2}, "beng": {"lor": 30, "lah": 4}}
    rows = [
        {"user_id": user, "word": word, "total": n}
        for user, words in said.items()
        for word, n in words.items()
    ]
    story = group_story(
        rows, [], {"lah": "💬"}, [totals({"lah": 44, "lor": 32}), totals({"lah": 40})]
    )
    assert story["state"] == "ready"
    assert {row["user_id"]: row["word"] for row in story["cards"]["known_for"]} == {
        "ann": "lah",
        "beng": "lor",
    }
    assert story["cards"]["totals"]["change"] == {"counts": 36, "words_spoken": 0}
    assert [row["share"] for row in story["cards"]["top_words"]] == [
        round(44 / 76, 4),
        round(32 / 76, 4),
    ]


def test_little_of_a_group_is_said_to_be_little() -> None:
    story = group_story([], [], {}, [totals({"lah": 3}), None])
    assert (story["state"], story["missing"], story["cards"]["totals"]["change"]) == (
        "warming_up",
        {"counts": 7},
        None,
    )


def test_a_session_is_shown_slide_by_slide_the_most_counted_first() -> None:
    def speaker(label: str, counts: int) -> dict[str, Any]:
        words = [{"word": "lah", "count": counts, "emoji": ""}] if counts else []
        return {"speaker": label, "talk_s": 30.0, "words": words, "clips": [], "claim": None}

    total = {"singlish_words": 5, "words_spoken": 90, "rate_per_1000": None, "words": {"lah": 5}}
    session: dict[str, Any] = {
        "session_id": "s",
        "group_id": None,
        "state": "completed",
        "recorded_at": "2026-11-24",
        "time_zone": "Asia/Singapore",
        "audio_s": 90.0,
        "missing_audio": [],
    }
    found = session_story(
        session,
        {"speakers": [speaker("S1", 0), speaker("S2", 5)]},
        {"speakers": [], "total": total},
    )
    assert [
        (slide["speaker"], slide["counts"], slide["talk_share"]) for slide in found["slides"]
    ] == [("S2", 5, 0.5), ("S1", 0, 0.5)]
    assert found["table"]["minutes"] == 1.5
