"""Labels stay with their voices; voices of windows are joined on one grid."""

import numpy as np

from consumers.cluster.identification import joined, labelled, of_this_model
from consumers.voices.clustering import Clustered, ClusterTurn
from consumers.voices.diarization import Voices
from consumers.voices.utterances import Utterances
from schemas.ids import SpeakerLabel
from schemas.objects import Turns, Voiceprint
from tests.fakes import GRID

ANN = (1.0, 0.0, 0.0)
BENG = (0.0, 1.0, 0.0)
CHAN = (0.0, 0.0, 1.0)


def clustered(*voices: tuple[tuple[float, ...], int]) -> Clustered:
    """A cluster for each (centroid, start of its only turn)."""
    turns = tuple(
        ClusterTurn(start_ms, start_ms + 1_000, number)
        for number, (_, start_ms) in enumerate(voices)
    )
    return Clustered(turns, turns, np.array([centroid for centroid, _ in voices]))


def former(next_label: int, **voices: tuple[float, ...]) -> Turns:
    voiceprints = tuple(
        Voiceprint(label=SpeakerLabel(label), centroid=centroid)
        for label, centroid in voices.items()
    )
    return Turns(turns=(), exclusive=(), voiceprints=voiceprints, next_label=next_label)


def labels(turns: Turns) -> list[tuple[str, int]]:
    return [(turn.speaker, turn.start_ms) for turn in turns.turns]


def test_new_voices_get_labels_in_order_of_speech() -> None:
    found = labelled(clustered((ANN, 5_000), (BENG, 0)), None)
    assert labels(found) == [("S1", 0), ("S2", 5_000)]
    assert [(v.label, v.centroid) for v in found.voiceprints] == [("S1", BENG), ("S2", ANN)]
    assert found.next_label == 3


def test_a_known_voice_keeps_its_label_and_a_new_one_never_gets_an_old_label() -> None:
    before = former(4, S1=ANN, S3=BENG)
    found = labelled(clustered((CHAN, 0), ((0.1, 0.9, 0.0), 2_000)), before)
    assert labels(found) == [("S4", 0), ("S3", 2_000)]
    assert found.next_label == 5


def test_two_clusters_that_sound_like_one_voice_do_not_share_its_label() -> None:
    found = labelled(clustered(((0.9, 0.1, 0.0), 0), (ANN, 2_000)), former(2, S1=ANN))
    assert sorted(label for label, _ in labels(found)) == ["S1", "S2"]


def test_nobody_speaks() -> None:
    found = labelled(Clustered((), (), np.zeros((0, 0))), former(3, S1=ANN))
    assert (found.turns, found.voiceprints, found.next_label) == ((), (), 3)


def voices(chunks: int, *spans: tuple[int, int]) -> Voices:
    utterances = Utterances(
        np.array(spans, np.int64).reshape(-1, 2),
        np.zeros((len(spans), 3), np.float32),
        np.zeros((len(spans), 2), np.float32),
    )
    activity = np.ones((chunks, 5, 3), np.float32)
    return Voices(activity, np.ones((chunks, 3, 4), np.float32), utterances)


def test_utterances_of_later_windows_are_moved_by_the_chunks_before_them() -> None:
    parts = [voices(6, (100, 900)), Voices.silence(), voices(10, (50, 700)), voices(1)]
    found = joined(parts, GRID)
    assert len(found.segmentations) == len(found.embeddings) == 17
    assert found.utterances.spans.tolist() == [[100, 900], [12_050, 12_700]]


def test_no_window_has_a_chunk() -> None:
    found = joined([Voices.silence()], GRID)
    assert len(found.segmentations) == 0
    assert len(found.utterances) == 0


def test_a_voice_without_an_embedding_keeps_its_label() -> None:
    silent = (0.0, 0.0, 0.0)
    found = labelled(clustered((silent, 0), (ANN, 3_000)), former(3, S1=ANN, S2=silent))
    assert labels(found) == [("S2", 0), ("S1", 3_000)]


def test_voiceprints_of_another_model_are_nobodys_here() -> None:
    before = of_this_model(former(3, S1=(1.0, 0.0), S2=(0.0,) * 4), voices(1))
    assert [voice.label for voice in before.voiceprints] == ["S2"]
    assert of_this_model(before, Voices.silence()) == before


def test_a_cluster_that_is_clearly_another_voice_does_not_go_on_as_this_one() -> None:
    """Ann's speech came to two clusters, and Beng's was swallowed by one: it got his label."""
    clear = clustered(((0.97, 0.243, 0.0), 0), ((0.9, -0.1, 0.42), 2_000))
    found = labelled(clear, former(3, S1=ANN, S2=(0.45, 0.893, 0.0)))
    assert labels(found) == [("S1", 0), ("S3", 2_000)]
