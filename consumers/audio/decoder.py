"""The parent's side of the child that opens uploads: one child, replaced when it dies or hangs.

A malicious or broken upload costs itself, never the worker.
"""

import select
import subprocess
import time

import msgspec

from adapters.audio.answers import CHILD, DECODE, HEAD, PATIENCE_S, Decoded, Samples, check
from adapters.audio.handover import Handover
from schemas.rejections import Reason, Rejected

__all__ = ["Decoder", "Samples"]


class Decoder:
    """Turns uploaded bytes into samples. Blocking; one request at a time."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._upload = Handover()

    def decode(self, body: bytes) -> Decoded:
        """The sound of one upload.

        Raises Rejected: undecodable_audio or audio_too_long. The next call works all the same.
        """
        child = self._started()
        self._upload.put(body)  # what fails here is the machine's fault, and not the upload's
        try:
            status, payload = _ask(child, len(body))
        except (OSError, EOFError, TimeoutError):
            self._end_child()
            raise Rejected(Reason.UNDECODABLE_AUDIO, "the decoder died on it") from None
        check(status, payload, len(body))
        return msgspec.msgpack.decode(payload, type=Decoded)

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is not None and self._child.poll() is not None:
            self._end_child()  # it was killed while it waited; its pipes are still open
        if self._child is None:
            upload = self._upload.descriptor
            self._child = subprocess.Popen(
                (*CHILD, str(upload)),
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
