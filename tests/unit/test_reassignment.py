"""An utterance goes to the voice that it clearly has; what is shared, unclear or unknown stays."""

from collections.abc import Sequence

import numpy as np
import pytest

from consumers.cluster.identification import joined
from consumers.cluster.reassignment import MARGIN, REACH_MS, reassigned
from consumers.voices.diarization import Voices
from consumers.voices.grid import EDGE_MS
from consumers.voices.utterances import NONE, Utterances, pieces
from schemas.ids import SpeakerLabel
from schemas.objects import Turns, Voiceprint
from tests.fakes import GRID
from tests.talk import Span, turns_of

ANN = (1.0, 0.0, 0.0)
BENG = (0.0, 1.0, 0.0)


def turns(*exclusive: Span, heard: Sequence[Span] = ()) -> Turns:
    voices = (
        Voiceprint(label=SpeakerLabel("S1"), centroid=ANN),
        Voiceprint(label=SpeakerLabel("S2"), centroid=BENG),
    )
    return Turns(
        turns=turns_of(*(heard or exclusive)),
        exclusive=turns_of(*exclusive),
        voiceprints=voices,
        next_label=3,
    )


def utterances(*said: tuple[int, int, tuple[float, float, float]]) -> Utterances:
    return Utterances(
        np.array([span[:2] for span in said]),
        np.array([span[2] for span in said], np.float32),
        np.full((len(said), 2), -20, np.float32),
    )


def spans(found: Turns) -> list[tuple[str, int, int]]:
    return [(t.speaker, t.start_ms, t.end_ms) for t in found.exclusive]


def test_an_answer_after_a_short_pause_goes_to_its_voice_with_half_of_the_pause() -> None:
    found = reassigned(turns(("S1", 0, 5_000)), utterances((0, 3_000, ANN), (3_200, 5_000, BENG)))
    assert spans(found) == [("S1", 0, 3_100), ("S2", 3_100, 5_000)]
    assert found.turns == found.exclusive


def test_no_more_of_a_pause_than_the_reach_and_nothing_before_the_start() -> None:
    found = reassigned(turns(("S1", 0, 9_000)), utterances((100, 1_000, BENG), (5_000, 9_000, ANN)))
    assert spans(found) == [("S2", 0, 1_000 + REACH_MS), ("S1", 1_000 + REACH_MS, 9_000)]


def test_its_turns_join_those_of_the_same_voice_on_both_sides() -> None:
    found = reassigned(
        turns(("S2", 0, 2_000), ("S1", 2_000, 3_000), ("S2", 3_000, 5_000)),
        utterances((2_000, 3_000, BENG)),
    )
    assert spans(found) == [("S2", 0, 5_000)]


def test_where_both_are_heard_at_once_both_stay() -> None:
    both = (("S1", 0, 5_000), ("S2", 4_000, 5_000))
    found = reassigned(turns(("S1", 0, 5_000), heard=both), utterances((3_000, 5_000, BENG)))
    assert [(t.speaker, t.start_ms, t.end_ms) for t in found.turns] == [
        ("S1", 0, 2_750),
        ("S2", 2_750, 5_000),
        ("S1", 4_000, 5_000),
    ]
    assert spans(found) == [("S1", 0, 2_750), ("S2", 2_750, 5_000)]


def test_a_voice_of_two_at_once_changes_nothing() -> None:
    before = turns(("S1", 0, 3_000), ("S2", 3_000, 6_000))
    assert reassigned(before, utterances((0, 6_000, (0.7, 0.7, 0.0)))) == before


def test_an_utterance_that_two_windows_found_is_taken_once() -> None:
    found = reassigned(
        turns(("S1", 0, 5_000)),
        utterances((0, 1_000, ANN), (2_000, 4_000, BENG), (2_030, 4_000, ANN)),
    )
    assert spans(found) == [("S1", 0, 1_750), ("S2", 1_750, 4_000), ("S1", 4_000, 5_000)]


def test_long_utterances_are_cut_evenly() -> None:
    assert pieces(100, 900) == [(100, 900)]
    assert pieces(0, 2_200) == [(0, 2_200)]
    assert pieces(1_000, 4_000) == [(1_000, 2_500), (2_500, 4_000)]
    assert [end - start for start, end in pieces(0, 10_000)] == [
        1_428,
        1_429,
        1_428,
        1_429,
        1_428,
        1_429,
        1_429,
    ]


@pytest.mark.parametrize(("nearer", "moves"), [(MARGIN - 0.02, False), (MARGIN + 0.02, True)])
def test_it_must_be_nearer_by_the_margin(nearer: float, moves: bool) -> None:
    own = np.sqrt((1 - nearer**2 / 2) / 2) - nearer / 2  # own² + (own + nearer)² = 1
    found = reassigned(
        turns(("S1", 0, 2_000)), utterances((0, 2_000, (float(own), float(own + nearer), 0.0)))
    )
    assert [who for who, _, _ in spans(found)] == (["S2"] if moves else ["S1"])


def test_speech_that_nobody_has_and_a_session_of_one_voice_stay() -> None:
    silent = turns(("S1", 0, 1_000))
    assert reassigned(silent, utterances((2_000, 3_000, BENG))) == silent
    alone = Turns(
        turns=silent.turns, exclusive=silent.turns, voiceprints=silent.voiceprints[:1], next_label=2
    )
    assert reassigned(alone, utterances((0, 1_000, BENG))) == alone
    assert reassigned(silent, NONE) == silent


def test_each_moment_belongs_to_one_window() -> None:
    """Windows of 20 s: what ends just before a border is the next one's, which hears it whole."""
    cuts = [
        GRID.owned(0, 20_000, None),
        GRID.owned(20_000, 40_000, None),
        GRID.owned(40_000, 47_000, 47_000),
    ]
    owned = [
        (chunks.start * GRID.step_ms, *GRID.utterance_ends(chunks, is_last))
        for chunks, is_last in zip(cuts, (False, False, True), strict=True)
    ]
    edges = [(start + after, start + until) for start, after, until in owned]
    assert edges[0] == (0, 20_000 - EDGE_MS)
    assert edges[1] == (20_000 - EDGE_MS, 40_000 - EDGE_MS)
    assert edges[2][0] == 40_000 - EDGE_MS
    assert edges[2][1] >= 47_000


def test_joined_windows_count_from_the_first_and_survive_being_stored() -> None:
    first, second = (
        Voices(
            np.zeros((n, 5, 3), np.float32),
            np.zeros((n, 3, 3), np.float32),
            utterances((100, 900, ANN)),
        )
        for n in (6, 10)
    )
    stored = [
        Voices.from_bytes(part.to_bytes())
        for part in (first, Voices(np.zeros((0, 0, 0)), np.zeros((0, 0, 0))), second)
    ]
    found = joined(stored, GRID).utterances
    assert found.spans.tolist() == [[100, 900], [12_100, 12_900]]
    assert found.embeddings.tolist() == [list(ANN), list(ANN)]
