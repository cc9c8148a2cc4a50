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


class Coalescing(logging.Filter):
    """Lets the first record of each fault pass, and then one in EVERY_S. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written. Adds to it how often the fault came meanwhile."""
        text = record.getMessage()
        fault = CHANGING.sub("", text)
        now_s = self._clock()
        with self._lock:
            seen = self._seen.get(fault)
            if seen is not None and now_s - seen.written_s < EVERY_S:
                seen.times += 1
                return False
            if len(self._seen) >= MOST_FAULTS:
                self._seen.clear()
            self._seen[fault] = _Seen(now_s)
        if seen is not None and seen.times:
            record.msg = f"{text} ({seen.times + 1} times in {now_s - seen.written_s:.0f} s)"
            record.args = ()
        return True
