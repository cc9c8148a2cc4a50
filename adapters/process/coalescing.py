"""The same fault again and again is one line a minute in the log, with the number of times."""

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

EVERY_S = 60.0
"""Between two lines about one fault. The first is written at once."""
MOST_FAULTS = 200
"""Faults that are remembered. More of them would be a flood of another kind: all are forgotten."""
CHANGING = re.compile(r"\d+|\[thrd:[^\]]*\]")
"""Numbers and names of threads: they differ from one line to the next about the same fault."""


@dataclass
class _Seen:
    """A fault: when its last line was written, and how often it came since."""

    written_s: float
    times: int = 0


class Repeats:
    """Says which of many reports of the same fault are written. Thread-safe; never blocks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._lock = threading.Lock()

    def times(self, fault: str) -> int:
        """How often the fault came since the last line about it, with this one.

        0 when no line is to be written now.
        """
        now_s = self._clock()
        with self._lock:
            seen = self._seen.get(fault)
            if seen is not None and now_s - seen.written_s < EVERY_S:
                seen.times += 1
                return 0
            if len(self._seen) >= MOST_FAULTS:
                self._seen.clear()
            self._seen[fault] = _Seen(now_s)
        return 1 + (seen.times if seen else 0)


class Coalescing(logging.Filter):
    """The same for a logger: the record that is written says how often the fault came."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._repeats = Repeats(clock)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        text = record.getMessage()
        times = self._repeats.times(CHANGING.sub("", text))
        if times > 1:
            record.msg = f"{text} ({times} times)"
            record.args = ()
        return bool(times)
