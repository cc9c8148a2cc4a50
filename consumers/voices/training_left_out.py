"""pyannote without what trains, measures and draws: point 5 of `pyannote_diarizer.py`.

pyannote imports libraries with which its models are trained, tuned and compared, and one that
reports on their use. No inference needs them: without them a process with voices starts sooner, and
holds less memory.
"""

import inspect
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

import torch

USED = ("pyannote.audio.pipelines", "pyannote.audio.models.segmentation")
"""All that is imported of pyannote."""
LEFT_OUT = (
    "lightning",
    "networkx",
    "optuna",
    "pyannote.audio.telemetry",
    "pyannote.metrics",
    "sklearn",
    "torch_audiomentations",
    "torchmetrics",
)
"""Packages of which inference uses no more than STAND_INS.

pandas is none of them: pyannote.database, which reads the turns of benchmarks, keeps what it gets.
"""
MISSED_BY_NOBODY = ("matplotlib",)
"""pyannote draws nothing where it is not installed."""


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
    """A class, or a function, of which inference makes nothing."""

    def __init__(self, *_: object, **__: object) -> None:
        """Takes whatever it is called with."""


def never(_: object) -> bool:
    """An error for lack of memory stays as torch raised it: `retry.py` knows it by its words."""
    return False


STAND_INS = {
    ("lightning", "LightningModule"): UntrainedModule,
    ("lightning.pytorch.utilities.memory", "is_oom_error"): never,
}


class _LeftOut(ModuleType):
    """A package, or a module of one, that is left out."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return STAND_INS.get((self.__name__, name), Unused)


class _Finder(MetaPathFinder, Loader):
    """Makes modules of LEFT_OUT, unless they are imported already."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name in MISSED_BY_NOBODY:
            raise ImportError(name)
        if _is_in(LEFT_OUT, name):
            self.made.append(name)
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _LeftOut(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to execute."""


def _is_in(packages: Sequence[str], module: str) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def import_pyannote() -> None:
    """Import what is used of pyannote, once. Blocking, two seconds.

    A package of LEFT_OUT that is imported afterwards is the real one.
    """
    if "pyannote.audio" in sys.modules:
        return
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        for module in USED:
            import_module(module)
    finally:
        sys.meta_path.remove(finder)
        for name in finder.made:
            sys.modules.pop(name, None)
