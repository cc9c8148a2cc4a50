"""The parent's side of the child that opens uploads: one child, replaced when it dies or hangs.

A malicious or broken upload costs itself, never the worker.
"""

import select
import subprocess
import time
from collections.abc import Sequence

import msgspec

from adapters.audio.answers import CHILD, DECODE, DEFECT, HEAD, PATIENCE_S, Decoded, Samples, check
from adapters.audio.failures import DecoderFailed, Failures
from adapters.audio.handover import Handover
from adapters.process.metrics import DecoderFailure

__all__ = ["Decoder", "Samples"]


class Decoder:
    """Turns uploaded bytes into samples. Blocking; one request at a time."""

    def __init__(self, command: Sequence[str] = CHILD) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._upload = Handover()
        self._failures = Failures()

    def decode(self, body: bytes) -> Decoded:
        """The sound of one upload.

        Raises Rejected: undecodable_audio or audio_too_long; DecoderFailed when the child meets a
        defect, or dies of it or hangs twice. The next call works all the same.
        """
        try:
            status, payload = self._asked(body)
        except DecoderFailed:
            # The machine was busy, or without memory: audio that is missing here is never counted.
            status, payload = self._asked(body)
        if status == DEFECT:
            raise self._failures.noted(DecoderFailure.DEFECT, payload.decode())
        check(status, payload, len(body))
        return msgspec.msgpack.decode(payload, type=Decoded)

    def _asked(self, body: bytes) -> tuple[int, bytes]:
        """The child's answer. Raises DecoderFailed when it dies or hangs; it is ended then."""
        child = self._started()
        self._upload.put(body)  # what fails here is the machine's fault, and not the upload's
        try:
            return _ask(child, len(body))
        except TimeoutError:
            self._end_child()
            raise self._failures.noted(DecoderFailure.HUNG, f"{PATIENCE_S:.0f} s") from None
        except (OSError, EOFError):
            self._end_child()
            raise self._failures.died(child.returncode) from None

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is not None and self._child.poll() is not None:
            self._failures.died(self._child.returncode)
            self._end_child()  # it died while it waited; its pipes are still open
        if self._child is None:
            upload = self._upload.descriptor
            self._child = subprocess.Popen(
                (*self._command, str(upload)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=[upload],
            )
        return self._child

    def close(self) -> None:
        """Ends the child, and gives its memory back. Nothing is decoded after that."""
        self._end_child()
        self._upload.close()

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _ask(child: "subprocess.Popen[bytes]", size: int) -> tuple[int, bytes]:
    assert child.stdin
    assert child.stdout
    child.stdin.write(HEAD.pack(DECODE, size))
    child.stdin.flush()
    deadline = time.monotonic() + PATIENCE_S
    status, length = HEAD.unpack(_read(child, HEAD.size, deadline))
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
