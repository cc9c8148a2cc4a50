"""`lahstats benchmark throughput`: how fast each stage works on this machine, in one run."""

from collections.abc import Iterator, Sequence

from rich.console import Console

from deploy.benchmark.dialogues import dialogue
from deploy.benchmark.measurement import Measurement
from deploy.benchmark.sink_load import freshness, sink
from deploy.demo import playback
from deploy.devstack.running_stack import RECORDINGS, RunningStack, scratch_stack

LENGTHS_S = (60, 180, 600)
PACE = 2.0
"""Twice real time: the models of this machine keep up, so that nothing waits at the end."""
MEASUREMENTS = ("speech", "sink", "freshness")


def measure(wanted: Sequence[str]) -> Iterator[Measurement]:
    """Yield one measurement after the other; `wanted` names some of MEASUREMENTS, empty means all.

    Blocks for about ten minutes on two cores. Starts a stack of its own and stops it at the end.
    """
    functions = (speech, sink, freshness)
    with scratch_stack("throughput") as stack:
        for name, function in zip(MEASUREMENTS, functions, strict=True):
            if not wanted or name in wanted:
                yield from function(stack)


def speech(stack: RunningStack) -> list[Measurement]:
    """Return times from stop to statistics at a steady pace, and the RTF of the model stages."""
    waits = [_stop_to_stats(stack, seconds) for seconds in LENGTHS_S]
    return [_rtf(stack, "transcribe"), _rtf(stack, "diarize"), *waits]


def _stop_to_stats(stack: RunningStack, seconds: int) -> Measurement:
    audio = dialogue(RECORDINGS, seconds, stack.settings.data_dir)
    played = playback.play(stack.settings, audio, PACE, Console(quiet=True))
    how = f"{seconds} s of dialogue in 30 s chunks at {PACE:.0f}x real time, one worker a stage"
    subject = f"stop to stats, {seconds // 60} min"
    return Measurement(subject, f"{played.stop_to_stats_s:.1f} s", how)


def _rtf(stack: RunningStack, stage: str) -> Measurement:
    metrics = stack.metrics(stage)
    work_s = metrics[f'lahstats_work_seconds_sum{{stage="{stage}"}}']
    audio_s = metrics[f'lahstats_audio_seconds_total{{stage="{stage}"}}']
    spent = f"{work_s:.0f} s of work for {audio_s:.0f} s of windows"
    how = f"{spent}, one thread, both stages at once"
    return Measurement(f"RTF of {stage}", f"{work_s / audio_s:.3f}", how)
