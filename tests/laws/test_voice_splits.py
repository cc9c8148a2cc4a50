"""One label that is two people is taken apart into them.

Every later clustering remembers it.
"""

import pytest
from msgspec.structs import replace
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from consumers.cluster.constraints import splits_of
from consumers.cluster.identification import joined, speakers
from schemas.ids import SpeakerLabel
from schemas.objects import Turns
from schemas.session_events import Constraint, ConstraintKind
from tests.fakes import GRID
from tests.laws.conftest import CLUSTERING, VoicesOf

MOST_ERROR = 0.10
"""Against the turns of an unconstrained pass.

The halves are found from one label's embeddings alone.
"""
ASKED = [Constraint(kind=ConstraintKind.SPLIT, speaker=SpeakerLabel("S1"))]


def annotation(turns: Turns) -> Annotation:
    found = Annotation()
    for n, turn in enumerate(turns.turns):
        found[Segment(turn.start_ms / 1000, turn.end_ms / 1000), n] = turn.speaker
    return found


def error_between(reference: Annotation, found: Annotation) -> float:
    """DER over all that either of the two covers."""
    extent = reference.get_timeline().extent() | found.get_timeline().extent()
    return float(DiarizationErrorRate()(reference, found, uem=Timeline([extent])))


@pytest.mark.parametrize("name", ["traps_2spk", "kopitiam_2spk"])
def test_two_people_under_one_label_are_taken_apart(voices_of: VoicesOf, name: str) -> None:
    heard = joined(voices_of(name, 20_000), GRID)
    apart = speakers(CLUSTERING, heard)
    one = speakers(CLUSTERING, heard, 1)
    assert [voice.label for voice in one.voiceprints] == ["S1"]
    splits = splits_of(ASKED, one)
    two = replace(speakers(CLUSTERING, heard, 1, one, splits), splits=splits)
    assert {voice.label for voice in two.voiceprints} == {"S1", "S2"}
    error = error_between(annotation(apart), annotation(two))
    print(f"{name}: DER of the split against the unconstrained pass {error:.3f}")
    assert error <= MOST_ERROR
    # A later generation (a re-count, a late chunk) takes the same voice apart again, under the same
    # labels.
    again = speakers(CLUSTERING, heard, 1, two, splits_of(ASKED, two))
    assert again.turns == two.turns
