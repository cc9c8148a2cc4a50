"""Processes with voices load nothing that trains models. Real models."""

import sys

from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from consumers.voices.training_left_out import STAND_INS

OF_TRAINING = ("lightning.fabric.fabric", "torchmetrics.metric", "torch._dynamo")


def test_the_models_work_without_what_trains_them(diarizer: PyannoteDiarizer) -> None:
    """A new name that pyannote imports fails here, at its import."""
    assert "pyannote.audio" in sys.modules
    assert [name for name in OF_TRAINING if name in sys.modules] == []
    assert {name for name in sys.modules if name.partition(".")[0] == "lightning"} <= set(STAND_INS)
