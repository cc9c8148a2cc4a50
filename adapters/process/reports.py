"""Libraries that would tell their makers about this machine are silenced."""

import os

OFF = {
    # onnxruntime from 1.29 on: an id of the device, models, errors. It reads the switch once.
    "ORT_DISABLE_TELEMETRY": "1",
    # pyannote.audio 4: models, and how long the audio is.
    "PYANNOTE_METRICS_ENABLED": "0",
    # huggingface_hub: libraries and their versions, with each download.
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
"""The switch of each, in the environment."""


def report_nothing() -> None:
    """Turn all reports off, also for children. Call it before a library with models is imported.

    `tests/laws/test_nobody_is_told.py` looks for the files that reports wait in.
    """
    os.environ.update(OFF)
