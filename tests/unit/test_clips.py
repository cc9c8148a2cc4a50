"""Clips that people play: one voice alone, from a pause to a pause, without distortion."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from consumers.clips.loudness import levelled
from consumers.cluster.clips import CLIP_MS, CLIPS, LEAST_CLIP_MS, choose_clips
from consumers.cluster.levels import faint
from consumers.cluster.utterance_voices import UtteranceVoices, utterance_voices
from consumers.voices.utterances import NONE, Utterances
from schemas.ids import SpeakerLabel
from schemas.objects import Turns, Voiceprint
from tests.talk import turns_of

S1 = SpeakerLabel("S1")
S2 = SpeakerLabel("S2")
VOICES = {S1: (1.0, 0.0), S2: (0.0, 1.0)}
QUIET = (-20.0, -6.0)
LOUD = (-8.0, 0.0)
Said = tuple[SpeakerLabel, int, int]


def voices(*said: Said, level: tuple[float, float] = QUIET) -> UtteranceVoices:
    """Pieces of utterances, each in the voice of a speaker."""
    utterances = Utterances(
        np.array([(start, end) for _, start, end in said], np.int64),
        np.array([VOICES[who] for who, _, _ in said], np.float32),
        np.array([level] * len(said), np.float32),
    )
    return utterance_voices(utterances, prints())


def prints() -> tuple[Voiceprint, ...]:
    return tuple(Voiceprint(label=label, centroid=voice) for label, voice in VOICES.items())


def session(*said: Said) -> Turns:
    turns = turns_of(*said)
    return Turns(turns=turns, exclusive=turns, voiceprints=prints(), next_label=3)


def test_a_clip_goes_from_a_pause_to_a_pause_with_half_of_each() -> None:
    found = choose_clips(
        session((S1, 1_000, 9_000)),
        voices((S1, 1_000, 2_000), (S1, 3_000, 4_500), (S1, 4_500, 6_000), (S1, 6_900, 8_000)),
    )
    # The pieces of an utterance belong together. A pause of more than 0.7 s ends a clip.
    assert found[S1] == ((2_850, 6_150), (6_750, 8_150), (850, 2_150))


def test_short_pauses_within_a_clip_are_kept_up_to_its_length() -> None:
    said = [(S1, start, start + 1_800) for start in range(0, 20_000, 2_000)]
    for start_ms, end_ms in choose_clips(session((S1, 0, 20_000)), voices(*said))[S1]:
        assert end_ms - start_ms <= CLIP_MS
        assert start_ms % 2_000 in (0, 2_000 - 100)
        assert end_ms % 2_000 in (1_900, 1_950)


def test_nobody_else_is_in_a_clip() -> None:
    found = choose_clips(
        session((S1, 0, 4_000), (S2, 3_000, 5_000), (S1, 6_000, 8_000)),
        voices((S1, 0, 4_000), (S1, 6_000, 8_000)),
    )
    assert found[S1] == ((5_850, 8_150),)
    assert found[S2] == ((4_000, 5_000),)  # no utterance is this voice's: the part alone


def test_an_utterance_of_another_voice_under_the_same_label_is_no_clip() -> None:
    found = choose_clips(
        session((S1, 0, 9_000)), voices((S1, 0, 1_500), (S2, 2_000, 5_000), (S1, 6_000, 7_000))
    )
    assert found[S1] == ((0, 1_650), (5_850, 7_150))


def test_distorted_speech_only_where_there_is_no_other() -> None:
    turns = session((S1, 0, 9_000))
    loud = voices((S1, 0, 3_000), level=LOUD).utterances
    fine = voices((S1, 5_000, 6_000)).utterances
    both = Utterances(
        np.vstack([loud.spans, fine.spans]),
        np.vstack([loud.embeddings, fine.embeddings]),
        np.vstack([loud.levels, fine.levels]),
    )
    assert choose_clips(turns, utterance_voices(both, prints()))[S1][0] == (4_850, 6_150)
    assert choose_clips(turns, utterance_voices(loud, prints()))[S1] == ((0, 3_150),)


def test_merged_voices_are_one() -> None:
    apart = voices((S1, 0, 1_500), (S2, 1_600, 3_000))
    assert choose_clips(session((S1, 0, 3_000)), apart.under({S2: S1}))[S1] == ((0, 3_150),)


def test_without_utterances_the_longest_parts_of_turns_are_clips() -> None:
    turns = session((S1, 0, 900), (S1, 1_000, 12_000), (S1, 13_000, 15_000), (S1, 16_000, 17_500))
    nothing = utterance_voices(NONE, prints())
    assert choose_clips(turns, nothing)[S1] == ((1_000, 9_000), (13_000, 15_000), (16_000, 17_500))


SAID = st.lists(
    st.tuples(st.sampled_from([S1, S2]), st.integers(0, 300), st.integers(3, 40)), max_size=12
)


@given(SAID, SAID)
def test_whatever_is_said(turned: list[Said], uttered: list[Said]) -> None:
    turns = session(
        *sorted({(w, s * 100, (s + n) * 100) for w, s, n in turned}, key=lambda t: t[1])
    )
    heard = voices(*((w, s * 100, (s + n) * 100) for w, s, n in uttered))
    for clips in choose_clips(turns, heard).values():
        assert len(clips) <= CLIPS
        for start_ms, end_ms in clips:
            assert LEAST_CLIP_MS <= end_ms - start_ms <= CLIP_MS
            assert start_ms >= 0


def test_a_speaker_far_under_the_loudest_is_faint() -> None:
    """A voice that is remembered, and of which no speech is left, was named too."""
    both = turns_of((S1, 0, 1_000), (S2, 1_000, 3_000))
    utterances = Utterances(
        np.array([[0, 1_000], [1_000, 2_000], [2_000, 3_000]], np.int64),
        np.array([VOICES[S1], VOICES[S2], VOICES[S2]], np.float32),
        np.array([[-20, -6], [-40, -20], [-39, -20]], np.float32),
    )
    assert faint(utterance_voices(utterances, prints()), both) == (S2,)
    louder = Utterances(utterances.spans, utterances.embeddings, utterances.levels * 0.5)
    assert faint(utterance_voices(louder, prints()), both) == ()
    assert faint(utterance_voices(NONE, prints()), both) == ()
    assert faint(utterance_voices(utterances, prints()), both[:1]) == ()


def test_a_faint_clip_is_as_loud_as_a_loud_one_and_nothing_is_clipped() -> None:
    talk = np.random.default_rng(1).normal(0, 0.1, 32_000).astype(np.float32)
    loudness = [float(np.sqrt(np.mean(levelled(talk * gain) ** 2))) for gain in (2.0, 0.3, 0.05)]
    assert max(loudness) < 1.2 * min(loudness)
    for gain in (0.0, 1e-6, 0.01, 1.0, 5.0, 1000.0):
        heard = levelled(talk * gain)
        assert np.isfinite(heard).all()
        assert np.abs(heard).max() < 0.9
    assert len(levelled(talk[:0])) == 0
