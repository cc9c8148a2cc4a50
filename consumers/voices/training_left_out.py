"""pyannote without what trains its models: point 5 of `pyannote_diarizer.py`.

pyannote's models are modules of lightning, so that lightning can train them. Nothing is trained
here. lightning brings torchmetrics and torch's compiler along: without them a process with voices
starts sooner, and holds less memory.
"""

import inspect
import sys
from types import ModuleType, SimpleNamespace

import torch


class UntrainedModule(torch.nn.Module):
    """All that pyannote's models take from lightning's class while they are used."""

    def __init__(self) -> None:
        """Begins without parameters."""
        super().__init__()
        self.hparams = SimpleNamespace()

    def save_hyperparameters(self, *names: str) -> None:
        """Keep arguments of the constructor that calls this, as they are now."""
        frame = inspect.currentframe()
        assert frame
        assert frame.f_back
        for name in names:
            setattr(self.hparams, name, frame.f_back.f_locals[name])

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device


class Unused:
    """A class of which training alone makes objects."""


STAND_INS: dict[str, dict[str, object]] = {
    "lightning": {"LightningModule": UntrainedModule, "LightningDataModule": Unused},
    "lightning.fabric.utilities.cloud_io": {"_load": torch.load},
    "lightning.pytorch.utilities.model_summary.model_summary": {"ModelSummary": Unused},
    # An error for lack of memory stays as torch raised it: `retry.py` knows it by its words.
    "lightning.pytorch.utilities.memory": {"is_oom_error": lambda _: False},
    "torchmetrics": {"Metric": Unused, "MetricCollection": Unused},
}
"""All names that pyannote imports of them."""


def leave_training_out() -> None:
    """Present the stand-ins. Must run before pyannote is imported, else it does nothing."""
    if "pyannote.audio" in sys.modules:
        return
    for name, names in STAND_INS.items():
        module = ModuleType(name)
        module.__dict__.update(names)
        sys.modules[name] = module
