"""A worker of a stage as it is shipped, but for one thing.

`python -m tests.faults.stand_ins starved consumers.transcribe.main`
"""

import importlib
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from unittest.mock import patch

import msgspec

if TYPE_CHECKING:  # libraries of models are loaded for stages that need them
    from consumers.transcribe.step import CutWindow
    from consumers.transcribe.transcriber import Transcriber
    from schemas.objects import TranscribedWord

BACK_S = 300
TIMES_AUDIO = 1.5
ENCODER = msgspec.json.Encoder(order="deterministic")
_time = time.time
_time_ns = time.time_ns


def starve() -> None:
    """There is no memory for any window, in the words and classes of the libraries."""
    import torch

    from consumers.diarize import step as diarize
    from consumers.transcribe import step as transcribe

    of_recogniser = RuntimeError("CUDA failed with error out of memory")
    of_torch = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
    patch.object(transcribe, "transcribe_windows", side_effect=of_recogniser).start()
    patch.object(diarize, "diarize_window", side_effect=of_torch).start()


def slow_down() -> None:
    """A window takes the recogniser longer than it is: no worker keeps up with one phone."""
    from consumers.transcribe import step

    transcribed = step.transcribe_windows

    def late(
        transcriber: "Transcriber", batch: "Sequence[CutWindow]"
    ) -> "list[tuple[TranscribedWord, ...]]":
        audio_ms = sum(window.end_ms - window.start_ms for window in batch)
        time.sleep(TIMES_AUDIO * audio_ms / 1000)
        return transcribed(transcriber, batch)

    patch.object(step, "transcribe_windows", late).start()


def say_nothing() -> None:
    """The model begins with a window and gives no answer."""
    from consumers.diarize import step

    patch.object(step, "diarize_window", lambda *_: threading.Event().wait()).start()


def turn_back() -> None:
    """Its clock is five minutes late. Time that passes is as always."""
    patch.object(time, "time", lambda: _time() - BACK_S).start()
    patch.object(time, "time_ns", lambda: _time_ns() - BACK_S * 1_000_000_000).start()


def write_as_before() -> None:
    """It is of a version that had no field that may be left out: it writes none of them."""
    from schemas import codec

    patch.object(codec, "encode", lambda event: ENCODER.encode(as_before(event))).start()


def as_before(value: object) -> object:
    """Return a value as JSON without the fields that equal their defaults."""
    if isinstance(value, msgspec.Struct):
        config = value.__struct_config__
        tag = {config.tag_field: config.tag} if config.tag_field else {}
        said = {one.encode_name: getattr(value, one.name) for one in written(value)}
        return tag | {name: as_before(part) for name, part in said.items()}
    if isinstance(value, dict):
        return {name: as_before(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [as_before(part) for part in value]
    return value


def written(value: msgspec.Struct) -> list[msgspec.structs.FieldInfo]:
    """The fields that are not as their defaults. Every version had the number of the version."""
    fields = msgspec.structs.fields(value)
    return [one for one in fields if one.name == "version" or not is_default(value, one)]


def is_default(value: msgspec.Struct, field: msgspec.structs.FieldInfo) -> bool:
    """Whether the field is as it would be if nobody had written it."""
    if field.default_factory is not msgspec.NODEFAULT:
        return bool(getattr(value, field.name) == field.default_factory())
    return bool(getattr(value, field.name) == field.default)


KINDS: dict[str, Callable[[], None]] = {
    "starved": starve,
    "slow": slow_down,
    "mute": say_nothing,
    "late": turn_back,
    "before": write_as_before,
}


def main() -> int:
    """Change one thing, then run the stage's own main. Blocks until SIGTERM."""
    _, kind, module = sys.argv
    KINDS[kind]()
    return int(importlib.import_module(module).main())


if __name__ == "__main__":
    sys.exit(main())
