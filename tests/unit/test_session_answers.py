"""Rows of sessions as answers: the pure parts of the read side."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from api.sessions.counts import Spoken
from api.sessions.failures import FAILURES, UNCOUNTED
from api.sessions.provisional import provisional
from api.sessions.row_answers import session_answer, uncounted
from api.sessions.rows import HintRow, ProvisionalWords, SessionRow
from api.sessions.speaker_rows import ClipRow, CountRow
from api.sessions.speakers import clip_answer
from api.users.own_words import OwnWords
from api.users.rows import OwnDayRow
from schemas.ids import NOBODY, SessionId, SpeakerLabel, UserId
from schemas.objects import AttributedWord
from schemas.rejections import Reason
from schemas.session_events import Failure, State

S1 = SpeakerLabel("S1")
S2 = SpeakerLabel("S2")
S10 = SpeakerLabel("S10")


def session(
    state: State, generation: int, counted_generation: int, failure: str = ""
) -> SessionRow:
    return SessionRow(
        session_id=SessionId("s"),
        owner=UserId("ann"),
        group_id="",
        state=state,
        generation=generation,
        recorded_at=datetime(2026, 11, 24, tzinfo=UTC),
        clock_corrected=False,
        time_zone="Asia/Singapore",
        audio_ms=90_000,
        counted_generation=counted_generation,
        lexicon="1",
        missing=[],
        speakers=[S1],
        windows=1,
        transcribed=1,
        voiced=1,
        counted=1,
        failure=failure,
        uncounted=[],
        clustered_generation=counted_generation,
        possible_hints=[],
        faint=[],
    )


@pytest.mark.parametrize(
    ("state", "counted", "shown"),
    [
        (State.RECORDING, 0, State.RECORDING),
        (State.READY, 1, State.PROCESSING),
        (State.COMPLETED, 1, State.PROCESSING),
        (State.READY, 2, State.READY),
        (State.COMPLETED, 2, State.COMPLETED),
        (State.FAILED, 1, State.FAILED),
    ],
)
def test_a_session_is_final_only_with_the_totals_of_its_generation(
    state: State, counted: int, shown: State
) -> None:
    row = session(state, 2, counted)
    assert row.shown_state is shown
    assert row.is_final == (shown in (State.READY, State.COMPLETED))


@pytest.mark.parametrize(
    ("counted", "clustered", "shown"), [(2, 2, True), (2, 1, False), (1, 2, False), (1, 1, False)]
)
def test_doubts_are_shown_only_of_the_result_that_is_shown(
    counted: int, clustered: int, shown: bool
) -> None:
    row = replace(
        session(State.READY, 2, counted),
        clustered_generation=clustered,
        possible_hints=[HintRow(4, 0.6), HintRow(5, 0.3)],
        faint=[S1],
    )
    answer = session_answer(row, row.owner)
    asked = [(hint.speakers, hint.probability) for hint in answer.possible_hints]
    assert asked == ([(4, 0.6), (5, 0.3)] if shown else [])
    assert answer.faint_speakers == ([S1] if shown else [])


def test_somebody_elses_voice_is_told_and_not_ones_own() -> None:
    """Nor a guest of one's own, nor one of somebody who left: the fold asks none of these."""
    mine = replace(session(State.READY, 1, 1), holders=[NOBODY, UserId("ann")])
    both = replace(mine, holders=[UserId("ann"), UserId("ben")])
    assert not session_answer(mine, UserId("ann")).others_claimed
    assert session_answer(mine, UserId("ben")).others_claimed
    assert session_answer(both, UserId("ann")).others_claimed
    assert not session_answer(session(State.READY, 1, 1), UserId("ann")).others_claimed


def test_every_reason_of_a_dead_letter_is_told_to_the_owner_alone() -> None:
    row = replace(session(State.READY, 1, 1), uncounted=list(Reason))
    told = uncounted(row, row.owner)
    assert [one.reason for one in told] == list(Reason)
    assert min(len(one.happened) for one in told) > 30
    assert uncounted(row, UserId("somebody else")) == []
    assert set(UNCOUNTED) == set(Reason)


@pytest.mark.parametrize("lacks", Failure)
def test_a_failed_session_says_why_and_what_to_do(lacks: Failure) -> None:
    failed = session(State.FAILED, 2, 0, failure=lacks)
    assert failed.is_over
    assert not failed.is_final
    assert min(map(len, FAILURES[lacks])) > 40


def test_no_rate_is_told_of_few_words() -> None:
    few = Spoken.of([CountRow(S1, "", 0, 499, 9_000), CountRow(S1, "lah", 5, 0, 0)])
    enough = Spoken.of([CountRow(S1, "", 0, 500, 9_000), CountRow(S1, "lah", 5, 0, 0)])
    assert (few.singlish_words, few.rate_per_1000) == (5, None)
    assert (enough.singlish_words, enough.rate_per_1000) == (5, 10.0)


def test_words_come_most_first_and_equal_ones_by_name() -> None:
    rows = [CountRow(S1, word, count, 0, 0) for word, count in (("sia", 2), ("ah", 2), ("lah", 9))]
    spoken = Spoken.of([*rows, CountRow(S2, "sia", 1, 0, 0), CountRow(S2, "leh", 0, 0, 0)])
    assert list(spoken.words.items()) == [("lah", 9), ("sia", 3), ("ah", 2)]
    assert spoken.top_word == "lah"


def test_nobody_spoke() -> None:
    spoken = Spoken.of([])
    assert (spoken.words, spoken.top_word, spoken.rate_per_1000) == ({}, None, None)


def test_provisional_speakers_come_by_number_with_talk_or_words() -> None:
    row = replace(
        session(State.PROCESSING, 1, 0),
        provisional_speakers=[S10, S2],
        provisional_talk_ms=[800, 9_000],
        provisional_words=[ProvisionalWords(S1, 7, {"ah": 1, "lah": 1, "sia": 3})],
    )
    found = provisional(row)
    assert found is not None
    assert found.eta_s is None
    assert [(one.speaker, one.talk_s, one.words_spoken) for one in found.speakers] == [
        ("S1", 0.0, 7),
        ("S2", 9.0, 0),
        ("S10", 0.8, 0),
    ]
    assert list(found.speakers[0].words) == ["sia", "ah", "lah"]
    told = provisional(replace(row, eta_ms=4_321))
    assert told is not None
    assert told.eta_s == 4.321
    assert provisional(session(State.FAILED, 1, 0)) is None


def word(text: str, speaker: SpeakerLabel, start_ms: int) -> AttributedWord:
    return AttributedWord(
        text=text, start_ms=start_ms, end_ms=start_ms + 100, probability=0.9, speaker=speaker
    )


def test_a_quote_is_what_the_clips_speaker_begins_within_it() -> None:
    words = [
        word("too early", S1, 999),
        word("Can", S1, 1_000),
        word("somebody else", S2, 1_500),
        word("lah", S1, 1_999),
        word("too late", S1, 2_000),
    ]
    clip = clip_answer(ClipRow(S1, 0, 1_000, 2_000, 1), words, "https://clip")
    assert (clip.start_s, clip.end_s, clip.quote, clip.url) == (1.0, 2.0, "Can lah", "https://clip")


def own_day(speaker: SpeakerLabel, words: dict[str, int], spoken: int, talk_ms: int) -> OwnDayRow:
    return OwnDayRow(
        session_id=SessionId("s"),
        speaker=speaker,
        words=list(words),
        counts=list(words.values()),
        spoken=spoken,
        talk_ms=talk_ms,
    )


def test_speakers_are_told_in_order_of_their_numbers() -> None:
    row = replace(session(State.COMPLETED, 1, 1), speakers=[S1, S10, S2], faint=[S10, S2])
    told = session_answer(row, UserId("ann"))
    assert told.speakers == [S1, S2, S10]
    assert told.faint_speakers == [S2, S10]
    days = [own_day(label, {}, 1, 1) for label in (S10, S2)]
    assert OwnWords.of(days).speakers == [S2, S10]


def test_own_words_are_those_of_all_speakers_that_are_ones_own() -> None:
    released = own_day(S10, {}, 0, 0)
    rows = [own_day(S2, {"lah": 2}, 30, 4_000), own_day(S1, {"lah": 1, "ah": 1}, 10, 0), released]
    own = OwnWords.of(rows)
    assert own.speakers == ["S1", "S2"]
    assert (own.talk_s, own.spoken.words_spoken) == (4.0, 40)
    assert own.spoken.words == {"lah": 3, "ah": 1}
    assert OwnWords.of([]).speakers == []
