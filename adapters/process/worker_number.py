"""The number of a worker among those of its stage on one host, when nobody else gives them out.

Containers of a scaled service are alike. A number that came back with each of them is needed: what
a killed worker left open at the broker is ended by the next one of its name and number.
"""

from itertools import count
from pathlib import Path

from adapters.process.lock_file import take


def take_number(folder: Path, stage: str) -> int:
    """Return the lowest number that no live process of `stage` has, and keep it until our end.

    All of them see the same `folder` of a local disk. A killed process gives its number back.
    Raises OSError when the folder cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return next(number for number in count() if _is_ours(folder / f"{stage}-{number}"))


def _is_ours(file: Path) -> bool:
    return take(file) is not None  # nobody closes it: the end of the process gives it back
