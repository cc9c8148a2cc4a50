"""Faults of those who work on audio, with all metrics recorded: what the alert rules do then.

The recording is a test of the rules (`tests/integration/test_prometheus.py`).
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from deploy.benchmark.process_use import children_of
from deploy.devstack.running_stack import RunningStack, running
from schemas import stages
from tests.faults.load import Load, clip_of
from tests.faults.recorder import Recorder
from tests.faults.registry import Outcome, fault_alone
from tests.faults.runs.alerts import CALM_S, RECORDED, uploads
from tests.faults.scene import RECORDING, Scene, names_of
from tests.faults.stand_ins import TIMES_AUDIO

OF_DECODERS = ("up", "lahstats_decoder_failures_total")
OF_MODELS = (
    "up",
    "lahstats_audio_seconds_total",
    "lahstats_chunks_answered_total",
    "lahstats_messages_waiting",
    "lahstats_work_seconds_sum",
)
KILLS = 5
BETWEEN_S = 4.0
SLOW_S = 21 * 60.0
"""Longer than windows must be slow until somebody is told, and some minutes for the first ones."""
SOON_S = 120.0


@fault_alone(
    "alerts-of-decoders",
    rows=("10",),
    injected="children of the gateway that open audio are killed, five times",
)
def alerts_of_decoders(folder: Path) -> Outcome:
    with (
        running(folder, GRACE_MS="8000") as stack,
        uploads(stack) as answers,
        Recorder(stack.settings) as recorder,
    ):
        time.sleep(CALM_S)
        recorder.expect()
        for _ in range(KILLS):
            kill_children(stack)
            time.sleep(BETWEEN_S)
        recorder.expect("DecodersFail")
    recorder.write(RECORDED / "decoders.yaml", OF_DECODERS)
    found = [] if set(answers) <= {201, 422, 503} else [f"uploads were answered {set(answers)}"]
    return Outcome(f"{len(answers)} uploads", "not measured", found)


def kill_children(stack: RunningStack) -> None:
    """SIGKILL for every child of the gateway: each of them opens audio."""
    for pid in children_of(stack.pid("gateway")):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@fault_alone(
    "alerts-of-models",
    rows=("18",),
    injected=f"a window takes transcribe {TIMES_AUDIO} times as long as it is; "
    "the model of diarize gives no answer",
)
def alerts_of_models(folder: Path) -> Outcome:
    with running(folder, GRACE_MS="8000") as stack:
        load = Load(stack.settings, clip_of(RECORDING, folder))
        scene = Scene(stack, {}, load)
        with (
            scene.without(names_of(stages.TRANSCRIBE, stages.DIARIZE)),
            scene.stand_ins("slow", stages.TRANSCRIBE),
            scene.stand_ins("mute", stages.DIARIZE),
        ):
            stack.await_answers(SOON_S)
            record_under_load(stack, load)
    told = sum(answer.status in {200, 201} for answer in load.answers)
    found = [] if told else ["no phone was answered well"]
    return Outcome(f"{load.phones} phones, {len(load.sessions)} sessions", "not measured", found)


def record_under_load(stack: RunningStack, load: Load) -> None:
    """Write the recording while phones talk. Blocks for SLOW_S."""
    load.start()
    with Recorder(stack.settings) as recorder:
        time.sleep(CALM_S)
        recorder.expect()
        time.sleep(SLOW_S)
        recorder.expect("LiveWindowsWait", "ModelStageStuck", "WindowsSlowerThanSpeech")
    load.stop()
    recorder.write(RECORDED / "models.yaml", OF_MODELS)
