"""Second opinions on turns: one pass over a whole file, by pyannote's own pipeline and by ours."""

from collections.abc import Sequence
from pathlib import Path

from pyannote.core import Annotation, Segment

from consumers.audio.decoder import Samples
from consumers.cluster.identification import joined, speakers
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.in_process import read, voices
from deploy.benchmark.turn_errors import SpokenTurn, error_rate, spoken_turns
from schemas.audio import whole_ms
from schemas.objects import Turns

MOVED = 0.01
"""Most of the speech that may be another speaker's in windows than in one pass over the file.

Utterances may end a little elsewhere. Without them the turns are the same.
"""


def turns(diarizer: PyannoteDiarizer, path: Path) -> list[tuple[int, int]]:
    """Start and end of every turn, milliseconds, in order. pyannote's own code from end to end.

    It has no utterances.
    """
    found = diarizer.diarize_whole(read(path))
    return sorted((turn.start_ms, turn.end_ms) for turn in found.turns)


def in_one_window(diarizer: PyannoteDiarizer, samples: Samples) -> Turns:
    """The product's own turns of all samples, as one window. Blocking: models run here."""
    window_ms = whole_ms(len(samples))
    parts = voices(diarizer, samples, window_ms)
    return speakers(diarizer, joined(parts, diarizer.grid))


def moved(whole: Turns, parts: Sequence[SpokenTurn]) -> float:
    """Share of the speech that has another speaker, or none, or is none in the other."""
    truth = Annotation()
    for track, (speaker, start_s, end_s) in enumerate(spoken_turns(whole.turns)):
        truth[Segment(start_s, end_s), track] = speaker
    last_ms = max(turn.end_ms for turn in whole.turns)
    return error_rate(truth, parts, last_ms / 1000)
