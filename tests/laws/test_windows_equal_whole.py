"""Windows heard apart, in any cut, give what one pass over the whole file gives.

Real models, real recordings.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from consumers.cluster.identification import joined, labelled, speakers
from consumers.voices.embeddings import cosine
from consumers.voices.utterances import NONE, Utterances
from deploy.benchmark import whole_file
from deploy.benchmark.scoring import reference
from deploy.benchmark.turn_errors import spoken_turns
from deploy.benchmark.whole_file import MOVED, moved
from schemas.ids import SpeakerLabel
from schemas.objects import Turn
from tests.fakes import GRID
from tests.laws.conftest import CLUSTERING, ModelsOf, VoicesOf

ALIKE = 0.95
"""The voice of an utterance that is found again, by cosine."""
MOVED_MS = 120
"""The detector's memory of what was before may move an utterance's ends so far."""


@pytest.mark.parametrize(
    "path", sorted(Path("tests/recordings").glob("*.flac")), ids=lambda path: path.stem
)
def test_same_turns_same_utterances_and_each_under_its_voice(
    models_of: ModelsOf, voices_of: VoicesOf, path: Path
) -> None:
    wanted = whole_file.turns(models_of(path.stem), path)
    in_one_window = joined(voices_of(path.stem, sf.info(path).frames), GRID)
    whole = in_one_window.utterances
    at_once = speakers(CLUSTERING, in_one_window)
    assert len(wanted) > 5
    assert len(whole) > 20
    # As the product cuts, longer, and shorter than a chunk of the grid.
    for window_ms in (20_000, 15_000, 7_000):
        found = joined(voices_of(path.stem, window_ms), GRID)
        # Without utterances our clustering is the same as pyannote's.
        turns = labelled(CLUSTERING.cluster(replace(found, utterances=NONE)), None).turns
        assert [(t.start_ms, t.end_ms) for t in turns] == wanted
        apart = speakers(CLUSTERING, found)
        assert moved(at_once, spoken_turns(apart.turns)) <= MOVED
        assert len(found.utterances) == pytest.approx(len(whole), abs=2)
        assert found_again(whole, found.utterances) >= 0.9 * len(whole)
        said, wrong = misplaced(path, found.utterances, apart.exclusive)
        assert said > 10
        assert wrong == 0


def found_again(whole: Utterances, parts: Utterances) -> int:
    """How many of `whole` are in `parts` too."""
    alike = cosine(whole.embeddings, parts.embeddings) >= ALIKE
    at_the_same_time = (np.abs(whole.spans[:, None] - parts.spans[None]) <= MOVED_MS).all(axis=2)
    return int((alike & at_the_same_time).any(axis=1).sum())


def misplaced(path: Path, utterances: Utterances, exclusive: tuple[Turn, ...]) -> tuple[int, int]:
    """Of the utterances that one person says alone.

    How many, and how many of them are under another one's label.
    """
    truth = [
        (str(who), s.start * 1000, s.end * 1000)
        for s, _, who in reference(path).itertracks(yield_label=True)
    ]
    spoken = [
        Turn(speaker=SpeakerLabel(who), start_ms=round(start), end_ms=round(end))
        for who, start, end in truth
    ]
    pairs = [
        (shares(spoken, *map(int, span)), shares(exclusive, *map(int, span)))
        for span in utterances.spans
    ]
    alone = [(max(who), owner(labels)) for who, labels in pairs if len(who) == 1 and labels]
    label_of = {
        who: max({label for _, label in alone}, key=lambda label: alone.count((who, label)))
        for who, _ in alone
    }
    return len(alone), sum(label != label_of[who] for who, label in alone)


def shares(turns: Sequence[Turn], start: int, end: int) -> dict[str, int]:
    """Milliseconds of a span, by speaker."""
    found: dict[str, int] = {}
    for turn in turns:
        if (shared := min(turn.end_ms, end) - max(turn.start_ms, start)) > 0:
            found[turn.speaker] = found.get(turn.speaker, 0) + shared
    return found


def owner(labels: dict[str, int]) -> str:
    """The speaker with most of a span."""
    return max(labels, key=lambda label: labels[label])
