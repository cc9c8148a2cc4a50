"""Second opinions on turns: one pass over a whole file, by pyannote's own pipeline and by ours."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyannote.core import Annotation, Segment

from consumers.audio.decoder import Samples
from consumers.cluster.identification import joined, speakers
from consumers.voices.agglomerative import LEAST_SIZE, THRESHOLD
from consumers.voices.clustering import Clustered, Clustering, ClusterTurn
from consumers.voices.diarization import Diarizer
from consumers.voices.pyannote_diarizer import PyannoteDiarizer, file
from deploy.benchmark.in_process import read, voices
from deploy.benchmark.turn_errors import SpokenTurn, error_rate, spoken_turns
from schemas.audio import whole_ms
from schemas.objects import Turns

if TYPE_CHECKING:
    from pyannote.audio.pipelines import SpeakerDiarization

PARAMETERS = {"method": "centroid", "min_cluster_size": LEAST_SIZE, "threshold": THRESHOLD}
"""Of pyannote's `AgglomerativeClustering`."""
MOVED = 0.01
"""Most of the speech that may be another speaker's in windows than in one pass over the file.

Utterances may end a little elsewhere. Without them the turns are the same.
"""


def turns(diarizer: PyannoteDiarizer, path: Path) -> list[tuple[int, int]]:
    """Start and end of every turn, milliseconds, in order. pyannote's own code from end to end.

    It has no utterances.
    """
    found = by_pipeline(diarizer, read(path))
    return sorted((turn.start_ms, turn.end_ms) for turn in found.turns)


def by_pipeline(diarizer: PyannoteDiarizer, samples: Samples) -> Clustered:
    """One pass of pyannote's pipeline over a whole recording. Blocking: models run here.

    Its clustering has the parameters of ours.
    """
    output: Any = with_parameters(diarizer.pipeline)(file(samples))
    labels = output.speaker_diarization.labels()
    return Clustered(
        cluster_turns(output.speaker_diarization, labels),
        cluster_turns(output.exclusive_speaker_diarization, labels),
        output.speaker_embeddings,
    )


def with_parameters(pipeline: "SpeakerDiarization") -> "SpeakerDiarization":
    """The pipeline, which clusters as ours does where nobody said how."""
    if not pipeline.instantiated:
        pipeline.clustering.constrained_assignment = True
        pipeline.instantiate({"segmentation": {"min_duration_off": 0.0}, "clustering": PARAMETERS})
    return pipeline


def cluster_turns(annotation: Annotation, labels: Sequence[object]) -> tuple[ClusterTurn, ...]:
    """Turns in milliseconds; the cluster of a label is its place in `labels`."""
    tracks = annotation.itertracks(yield_label=True)
    return tuple(
        ClusterTurn(round(s.start * 1000), round(s.end * 1000), labels.index(label))
        for s, _, label in tracks
    )


def in_one_window(diarizer: Diarizer, clustering: Clustering, samples: Samples) -> Turns:
    """The product's own turns of all samples, as one window. Blocking: models run here."""
    window_ms = whole_ms(len(samples))
    parts = voices(diarizer, samples, window_ms)
    return speakers(clustering, joined(parts, clustering.grid))


def moved(whole: Turns, parts: Sequence[SpokenTurn]) -> float:
    """Share of the speech that has another speaker, or none, or is none in the other."""
    truth = Annotation()
    for track, (speaker, start_s, end_s) in enumerate(spoken_turns(whole.turns)):
        truth[Segment(start_s, end_s), track] = speaker
    last_ms = max(turn.end_ms for turn in whole.turns)
    return error_rate(truth, parts, last_ms / 1000)
