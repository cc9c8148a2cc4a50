"""Parts of all reports of benchmarks: the commit, the models, figures that belong together."""

import statistics
import subprocess
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from adapters import model_manifest
from adapters.model_manifest import Profile
from adapters.settings import Settings


class Key(Hashable, Protocol):
    """A key that has an order among its kind."""

    def __lt__(self, other: Any, /) -> bool: ...


T = TypeVar("T")
K = TypeVar("K", bound=Key)


def commit(tree: Path = Path()) -> str:
    """Return the short name of the commit that is checked out in `tree`, to which figures belong.

    `unknown` outside a repository. Blocking, milliseconds. It does not say whether
    files were changed since.
    """
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def models_of(settings: Settings) -> Profile:
    """Return the names of the models that the settings choose."""
    return model_manifest.load(settings.models_manifest).profile(settings.models_profile)


def grouped(found: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Return those of each key, in order of the keys; those of one key in their own order."""
    groups: dict[K, list[T]] = {}
    for one in sorted(found, key=key):
        groups.setdefault(key(one), []).append(one)
    return groups


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which so many per cent of all lie, from 1 to 99, two values at least.

    Between two values it is interpolated.
    """
    return statistics.quantiles(values, n=100)[percent - 1]
