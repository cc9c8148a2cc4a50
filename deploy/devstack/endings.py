"""How often each program ended by itself, and how: read from supervisord's own log. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

STARTED = "supervisord started with pid"
ENDED = re.compile(r"exited: (\S+) \((?P<how>[^;)]*)")


@dataclass(frozen=True)
class Endings:
    """`restarts` since supervisord started, and how the program ended the last time."""

    restarts: int = 0
    last: str = ""


def endings(log: Iterable[str]) -> dict[str, Endings]:
    """The endings of each program that ended without being told to."""
    found: dict[str, Endings] = {}
    for line in log:
        if STARTED in line:
            found = {}
        if ended := ENDED.search(line):
            before = found.get(ended.group(1), Endings())
            found[ended.group(1)] = replace(
                before, restarts=before.restarts + 1, last=ended.group("how").strip()
            )
    return found
