"""The child that opens uploads: PyAV alone, no files, no network, bounded memory.

Run as a module with the descriptor of a `Handover`, which has the upload. Request on stdin: HEAD
with what is asked. Answer on stdout: HEAD with a status, then msgpack of the answer, a reason, or
the place of a defect. A crash here costs the upload, never its parent.
"""

import resource
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

import av
import msgspec

from adapters.audio.answers import DEFECT, DONE, HEAD, MEASURE, REJECTED
from adapters.audio.decoding import decode, measure
from adapters.audio.handover import taken
from adapters.audio.opening import UNDECODABLE
from adapters.process import gc_tuning
from schemas.rejections import Reason

MEMORY_BYTES = 2 << 30
"""Address space of the child."""


def main() -> None:
    """Answers requests until stdin ends. Blocks."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    av.logging.set_level(av.logging.PANIC)
    upload = int(sys.argv[1])
    source = sys.stdin.buffer
    sink = sys.stdout.buffer
    gc_tuning.freeze()  # a container and its streams know each other: each upload leaves a cycle
    while head := source.read(HEAD.size):
        asked, length = HEAD.unpack(head)
        answer(asked, taken(upload, length), sink)


def answer(asked: int, body: bytes, sink: BinaryIO) -> None:
    """Decodes or measures one upload and writes the answer."""
    status = REJECTED
    try:
        payload = msgspec.msgpack.encode(measure(body) if asked == MEASURE else decode(body))
        status = DONE
    except OverflowError:
        payload = Reason.AUDIO_TOO_LONG.encode()
    except UNDECODABLE:
        payload = Reason.UNDECODABLE_AUDIO.encode()
    except Exception as error:  # noqa: BLE001 - a defect, of which the parent tells
        payload = _place(error).encode()
        status = DEFECT
    sink.write(HEAD.pack(status, len(payload)))
    sink.write(payload)
    sink.flush()


def _place(error: Exception) -> str:
    """The kind of an error and where it was raised. Its message may hold what others said."""
    steps = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(step.filename).name}:{step.lineno}" for step in steps]
    return " ".join([type(error).__name__, *places])


if __name__ == "__main__":
    main()
