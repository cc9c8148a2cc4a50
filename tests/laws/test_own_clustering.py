"""Our clustering without models finds what pyannote finds, and its frames are the model's."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyannote.audio.pipelines.clustering import AgglomerativeClustering
from pyannote.audio.pipelines.speaker_diarization import SpeakerDiarization
from pyannote.core import SlidingWindow, SlidingWindowFeature

from consumers.cluster.identification import joined
from consumers.voices.agglomerative import Agglomerative, clear
from consumers.voices.assignment import INACTIVE
from consumers.voices.clustering import ClusterTurn
from consumers.voices.embeddings import Array
from consumers.voices.frames import SEGMENTATION_3
from consumers.voices.pipeline_clusters import PipelineClusters, frames_of
from consumers.voices.pyannote_diarizer import PyannoteDiarizer, on_grid
from consumers.voices.reconstruction import SessionActivity
from consumers.voices.session_clustering import SessionClustering
from consumers.voices.utterances import NONE
from deploy.benchmark.whole_file import PARAMETERS, cluster_turns, with_parameters
from tests.fakes import FRAMES, GRID
from tests.laws.conftest import CLUSTERING, VoicesOf

DIMENSION = 16
SEEDS = st.integers(0, 2**32 - 1)


def test_frames_are_those_of_the_model(diarizer: PyannoteDiarizer) -> None:
    found = frames_of(diarizer.pipeline)
    assert found.step_ms == pytest.approx(SEGMENTATION_3.step_ms)
    assert found.length_ms == pytest.approx(SEGMENTATION_3.length_ms)


def test_a_pipeline_clusters_behind_the_port(
    diarizer: PyannoteDiarizer, voices_of: VoicesOf
) -> None:
    """As one by name does, with the weights that are here."""
    heard = replace(joined(voices_of("traps_2spk", 20_000), GRID), utterances=NONE)
    pipeline = with_parameters(diarizer.pipeline)
    theirs = SessionClustering(GRID, frames_of(pipeline), PipelineClusters(pipeline, GRID))
    for speakers in (None, 1, 3):
        found = theirs.cluster(heard, speakers)
        ours = CLUSTERING.cluster(heard, speakers)
        assert found.turns == ours.turns
        assert found.exclusive == ours.exclusive
        assert found.centroids == pytest.approx(ours.centroids, abs=1e-5)
    assert theirs.possible_speakers(heard) == {}


def activity(random: np.random.Generator, chunks: int) -> Array:
    """Three local speakers, each with some turns; in some chunks one of them says nothing.

    The first one does.
    """
    found = np.zeros((chunks, FRAMES, 3), np.float32)
    found[0, : FRAMES // 10, 0] = 1
    for chunk, speaker in np.ndindex(chunks, 3):
        for _ in range(random.integers(0, 4)):
            first = random.integers(0, FRAMES)
            found[chunk, first : first + random.integers(1, 250), speaker] = 1
    return found


@given(seed=SEEDS, chunks=st.integers(1, 12), pause_ms=st.sampled_from([0, 300]))
def test_turns(diarizer: PyannoteDiarizer, seed: int, chunks: int, pause_ms: int) -> None:
    random = np.random.default_rng(seed)
    active = activity(random, chunks)
    clusters = random.integers(0, random.integers(1, 6), (chunks, 3))
    clusters[~active.any(axis=1)] = INACTIVE
    ours = SessionActivity(active, GRID, SEGMENTATION_3)
    theirs = on_grid(active, GRID)
    frames = SlidingWindow(
        duration=SEGMENTATION_3.length_ms / 1000, step=SEGMENTATION_3.step_ms / 1000
    )
    count = SpeakerDiarization.speaker_count(theirs, frames, warm_up=(0.0, 0.0))
    assert ours.number_speaking().tolist() == count.data[:, 0].tolist()
    for number in (ours.number_speaking(), np.minimum(ours.number_speaking(), 1)):
        found = ours.turns(clusters, number, pause_ms)
        wanted = as_pyannote(diarizer.pipeline, theirs, clusters, number, frames, pause_ms / 1000)
        assert sorted(found) == wanted


def as_pyannote(
    pipeline: SpeakerDiarization,
    active: SlidingWindowFeature,
    clusters: Array,
    number: Array,
    frames: SlidingWindow,
    pause_s: float,
) -> list[ClusterTurn]:
    """The turns of pyannote's own functions."""
    count = SlidingWindowFeature(number[:, None].astype(np.int8), frames)
    discrete = pipeline.reconstruct(active, clusters, count)
    found = pipeline.to_annotation(discrete, min_duration_off=pause_s)
    most = int(max(number.max(), clusters.max() + 1))
    return sorted(cluster_turns(found, range(most)))


@given(seed=SEEDS, chunks=st.integers(1, 60), speakers=st.none() | st.integers(1, 6))
def test_clusters(seed: int, chunks: int, speakers: int | None) -> None:
    random = np.random.default_rng(seed)
    active = activity(random, chunks)
    people = random.normal(size=(random.integers(1, 6), DIMENSION))
    who = random.integers(0, len(people), (chunks, 3))
    noise = random.normal(size=(chunks, 3, DIMENSION)) * random.uniform(0.1, 1.2)
    embeddings = (people[who] + noise).astype(np.float32)
    embeddings[random.random((chunks, 3)) < 0.1] = np.nan
    theirs = AgglomerativeClustering(constrained_assignment=True)
    theirs.instantiate(PARAMETERS)
    usable, _, _ = theirs.filter_embeddings(embeddings, on_grid(active, GRID))
    if not len(usable):
        return  # the mean of nothing, which tests/unit/test_little_speech.py is about
    assert clear(active, embeddings).sum() == len(usable)
    wanted, _, centroids = theirs(
        embeddings=embeddings.copy(), segmentations=on_grid(active, GRID), num_clusters=speakers
    )
    found, ours = Agglomerative().clusters(active, embeddings, speakers)
    assert found.tolist() == wanted.tolist()
    assert ours == pytest.approx(centroids, abs=1e-5)
