"""The parent's side of the decoding child: one child, replaced when it dies or takes too long.

A malicious or broken upload costs its chunk, never the worker.
"""

import select
import subprocess
import sys
import time

import numpy as np
from numpy.typing import NDArray

from consumers.audio.decoding_child import FRAME, LENGTH
from schemas.rejections import Reason, Rejected

Samples = NDArray[np.float32]
"""Float32 mono samples at 16 kHz, shape (samples,)."""
PATIENCE_S = 30.0
"""A child that takes longer than this for one upload hangs, and is replaced."""


class Decoder:
    """Turns uploaded bytes into samples. Blocking; one request at a time."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def decode(self, body: bytes) -> Samples:
        """Samples of one upload.

        Raises Rejected: undecodable_audio or audio_too_long. The next call works all the same.
        """
        child = self._started()
        try:
            status, payload = _ask(child, body)
        except (OSError, EOFError, TimeoutError):
            self.close()
            raise Rejected(Reason.UNDECODABLE_AUDIO, "the decoder died on it") from None
        if status:
            raise Rejected(Reason(payload.decode()), f"{len(body)} bytes")
        return np.frombuffer(payload, dtype=np.float32)

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            command = [sys.executable, "-m", "consumers.audio.decoding_child"]
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._child

    def close(self) -> None:
        """Ends the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _ask(child: "subprocess.Popen[bytes]", body: bytes) -> tuple[int, bytes]:
    assert child.stdin
    assert child.stdout
    child.stdin.write(LENGTH.pack(len(body)) + body)
    child.stdin.flush()
    deadline = time.monotonic() + PATIENCE_S
    status, length = FRAME.unpack(_read(child, FRAME.size, deadline))
    return status, _read(child, length, deadline)


def _read(child: "subprocess.Popen[bytes]", length: int, deadline: float) -> bytes:
    assert child.stdout
    parts: list[bytes] = []
    while length:
        ready, _, _ = select.select([child.stdout], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        part = child.stdout.raw.read(length)  # type: ignore[attr-defined]
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
