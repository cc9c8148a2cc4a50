"""Turns: those of one speaker that touch are one; summaries add them up."""

from hypothesis import given
from hypothesis import strategies as st

from consumers.cluster.turns import bridge_pauses, join_turns, shift_turns, summarise
from deploy.audit import talk
from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns, Voiceprint

S1 = SpeakerLabel("S1")
S2 = SpeakerLabel("S2")
S3 = SpeakerLabel("S3")


def turn(label: SpeakerLabel, start_ms: int, end_ms: int) -> Turn:
    return Turn(speaker=label, start_ms=start_ms, end_ms=end_ms)


def session(*turns: Turn, before: dict[SpeakerLabel, int] | None = None) -> Turns:
    voiceprints = tuple(Voiceprint(label=label, centroid=(1.0,)) for label in (S1, S2))
    return Turns(
        turns=turns, exclusive=turns, voiceprints=voiceprints, next_label=3, before=before or {}
    )


def test_turns_that_touch_are_one_and_others_stay() -> None:
    found = join_turns(
        [turn(S1, 500, 900), turn(S1, 0, 500), turn(S2, 400, 600), turn(S1, 1_000, 1_100)]
    )
    assert found == (turn(S1, 0, 900), turn(S2, 400, 600), turn(S1, 1_000, 1_100))


SPANS = st.lists(
    st.tuples(st.sampled_from([S1, S2]), st.integers(0, 60), st.integers(1, 20)), max_size=12
)


@given(SPANS)
def test_joining_loses_no_moment_and_a_second_time_changes_nothing(
    spans: list[tuple[SpeakerLabel, int, int]],
) -> None:
    turns = [turn(label, start, start + length) for label, start, length in spans]
    joined = join_turns(turns)

    def moments(some: list[Turn]) -> set[tuple[str, int]]:
        return {(t.speaker, ms) for t in some for ms in range(t.start_ms, t.end_ms)}

    assert moments(list(joined)) == moments(turns)
    assert join_turns(joined) == joined


def test_a_breath_is_part_of_a_turn_unless_somebody_else_speaks_in_it() -> None:
    spoken = [turn(S1, 0, 1_000), turn(S1, 1_400, 2_000), turn(S1, 2_401, 3_000)]
    assert bridge_pauses(spoken) == (turn(S1, 0, 2_000), turn(S1, 2_401, 3_000))
    answered = [turn(S1, 0, 1_000), turn(S2, 1_100, 1_200), turn(S1, 1_400, 2_000)]
    assert bridge_pauses(answered) == tuple(answered)
    at_once = [turn(S1, 0, 1_000), turn(S2, 900, 1_700), turn(S1, 1_300, 2_000)]
    assert bridge_pauses(at_once) == tuple(at_once)


def test_shifted_turns_keep_their_length() -> None:
    assert shift_turns([turn(S1, 0, 10)], 5) == (turn(S1, 5, 15),)


def test_talk_time_counts_what_was_before_and_overlap_is_shared_time() -> None:
    turns = session(turn(S1, 0, 4_000), turn(S2, 3_000, 6_000), before={S1: 1_000})
    first, second = summarise(turns, {S2: [(3_100, 5_000)]})
    assert (first.label, first.talk_ms, first.turns, first.overlap_ms) == (S1, 5_000, 1, 1_000)
    assert (second.label, second.talk_ms, second.turns, second.overlap_ms) == (S2, 3_000, 1, 1_000)
    assert (first.clips, second.clips) == ((), ((3_100, 5_000),))


def test_a_speaker_who_is_silent_has_a_summary_only_after_talking_before() -> None:
    assert [s.label for s in summarise(session(turn(S1, 0, 1_000)), {})] == [S1]
    assert [s.label for s in summarise(session(turn(S1, 0, 1_000), before={S2: 5}), {})] == [S1, S2]
    assert [s.label for s in summarise(session(turn(S1, 0, 1_000), before={S2: 0}), {})] == [S1]


def test_time_that_three_share_is_overlap_of_each_once() -> None:
    """Before, each of the others counted for itself: half of S1's talk was told as all of it."""
    turns = session(turn(S1, 0, 4_000), turn(S2, 2_000, 4_000), turn(S3, 2_000, 5_000))
    assert [one.overlap_ms for one in summarise(turns, {})] == [2_000, 2_000, 2_000]
    found = talk.of(turns)
    assert {label: one.overlap_ms for label, one in found.items()} == {
        S1: 2_000,
        S2: 2_000,
        S3: 2_000,
    }
