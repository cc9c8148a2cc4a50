"""SVG as PNG, drawn by a process of its own, one picture at a time.

The library holds Python's lock for a tenth of a second for each picture: on a thread of ours it
would stop all requests. The process ends when its end of the pipe is closed, however we end.
"""

import os
import subprocess
import sys
import threading
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import resvg_py

from adapters.process.retry import TransientError

DRAW_S = 10.0
"""A drawing that takes longer is given up. It takes a tenth of a second of a free processor."""
TURN_S = 5.0
NICENESS = 10
"""Requests are more urgent than pictures."""


class DrawingError(TransientError):
    """No picture came: too many wait, or the process that draws ended."""


class Drawer:
    """Thread-safe, blocking. The process starts with the first picture."""

    def __init__(self, turn_s: float = TURN_S, draw_s: float = DRAW_S) -> None:
        self._turn_s = turn_s
        self._draw_s = draw_s
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def png(self, svg: str) -> bytes:
        """The picture. DrawingError when it does not come in time."""
        if not self._turn.acquire(timeout=self._turn_s):
            raise DrawingError("too many pictures are being drawn")
        try:
            return self._drawn(svg)
        except (EOFError, OSError) as error:
            self._end()
            raise DrawingError(f"the drawing process failed: {type(error).__name__}") from error
        finally:
            self._turn.release()

    def _drawn(self, svg: str) -> bytes:
        pipe = self._pipe or self._started()
        pipe.send_bytes(svg.encode())
        if not pipe.poll(self._draw_s):
            raise TimeoutError
        return pipe.recv_bytes()

    def _started(self) -> Connection:
        ours, theirs = Pipe()
        command = [sys.executable, "-m", __name__, str(theirs.fileno())]
        # A session of its own: Ctrl-C in a terminal is ours to answer.
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], start_new_session=True
        )
        theirs.close()
        self._pipe = ours
        return ours

    def close(self) -> None:
        """End the process. Waits for a picture that is being drawn."""
        with self._turn:
            self._end()

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def png(svg: str) -> bytes:
    """The picture, drawn here and now."""
    # Cards bring their letters as outlines. The fonts of a machine would make a difference.
    image = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
    return bytes(image)


def draw_for(pipe: Connection) -> None:
    """Draw what comes, until the other end is closed."""
    os.nice(NICENESS)
    while True:
        try:
            svg = pipe.recv_bytes()
        except EOFError:
            return
        pipe.send_bytes(png(svg.decode()))


if __name__ == "__main__":
    draw_for(Connection(int(sys.argv[1])))
