"""One voice that is two people is halved by its own embeddings; all other voices stay."""

import numpy as np

from consumers.voices.voice_splits import split_voice

ANN = (1.0, 0.0, 0.0)
BENG = (0.6, 0.8, 0.0)
CHAN = (0.0, 0.0, 1.0)
EMBEDDINGS = np.array([[ANN, CHAN], [BENG, CHAN], [ANN, CHAN], [BENG, CHAN]])
"""Shape (4 chunks, 2 local speakers, 3): Ann and Beng, taken for one voice, and Chan."""
CLUSTERS = np.array([[0, 1]] * 4)
CENTROIDS = np.array([(0.8, 0.4, 0.0), CHAN])
ACTIVE = np.ones((4, 2), bool)


def test_the_nearest_cluster_becomes_two() -> None:
    clusters, centroids = split_voice(EMBEDDINGS, ACTIVE, CLUSTERS, CENTROIDS, (0.9, 0.3, 0.0))
    own = clusters[:, 0].tolist()
    assert own in ([0, 2, 0, 2], [2, 0, 2, 0])
    assert clusters[:, 1].tolist() == [1, 1, 1, 1]
    assert len(centroids) == 3
    halves = {tuple(centroids[0].tolist()), tuple(centroids[2].tolist())}
    assert halves == {ANN, BENG}


def test_the_arguments_are_not_changed() -> None:
    split_voice(EMBEDDINGS, ACTIVE, CLUSTERS, CENTROIDS, ANN)
    assert CLUSTERS.tolist() == [[0, 1]] * 4
    assert CENTROIDS.tolist() == [[0.8, 0.4, 0.0], list(CHAN)]


def test_silent_chunks_and_unknown_embeddings_take_no_part() -> None:
    active = ACTIVE.copy()
    active[1, 0] = False
    embeddings = EMBEDDINGS.copy()
    embeddings[3, 0] = np.nan
    clusters, centroids = split_voice(embeddings, active, CLUSTERS, CENTROIDS, ANN)
    assert (clusters[1, 0], clusters[3, 0]) == (0, 0)
    assert np.isfinite(centroids).all()


def test_fewer_than_two_embeddings_are_left_as_they_are() -> None:
    active = np.zeros((4, 2), bool)
    active[0, 0] = True
    clusters, centroids = split_voice(EMBEDDINGS, active, CLUSTERS, CENTROIDS, ANN)
    assert clusters.tolist() == CLUSTERS.tolist()
    assert centroids.tolist() == CENTROIDS.tolist()


def test_a_voice_whose_embeddings_are_all_equal_stays_one() -> None:
    embeddings = np.array([[ANN, CHAN]] * 4)
    clusters, centroids = split_voice(embeddings, ACTIVE, CLUSTERS, CENTROIDS, ANN)
    assert clusters.tolist() == CLUSTERS.tolist()
    assert np.isfinite(centroids).all()


def test_a_voiceprint_of_another_model_splits_nothing() -> None:
    clusters, _ = split_voice(EMBEDDINGS, ACTIVE, CLUSTERS, CENTROIDS, (1.0, 0.0))
    assert clusters.tolist() == CLUSTERS.tolist()
