"""A process that does what it is told: what it holds is its own alone.

That of the tests has threads, files and memory of earlier tests, which go at any time.
"""

import subprocess
import sys
from ast import literal_eval

OBEYS = """
import ast, sys
names = {"said": None}
for line in sys.stdin:
    exec(ast.literal_eval(line), names)
    print(repr(names["said"]), flush=True)
"""


class OtherProcess:
    """Idle but for what it is told to do."""

    def __init__(self) -> None:
        """Blocks until it has started."""
        command = [sys.executable, "-c", OBEYS]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = self._process.pid
        self.does("")

    def does(self, code: str) -> object:
        """Run the code; return what it calls `said`. Names stay. Blocks until it is done."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{code!r}\n")
        self._process.stdin.flush()
        return literal_eval(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()
