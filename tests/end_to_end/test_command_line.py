"""The command line as a newcomer and as a program use it."""

import json
import os
import signal
import subprocess
import sys
import time
from operator import not_
from pathlib import Path

import pytest
import soundfile as sf

from deploy.devstack.free_ports import free_port_base
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from tests.integration.conftest import the_end

RECORDING = "tests/recordings/traps_2spk.flac"
LAHSTATS = [sys.executable, "-m", "deploy.cli.main"]


@pytest.mark.early  # its audit is of the whole stack's days, in which other tests break things
def test_demo_prints_one_document_and_nothing_else_and_takes_an_m4a(
    stack: RunningStack, tmp_path: Path
) -> None:
    recording = the_end(tmp_path)
    audio = tmp_path / "talk.m4a"
    as_phones_do(recording, audio)
    done = subprocess.run(
        [*LAHSTATS, "demo", str(audio), "--json"], capture_output=True, text=True, check=True
    )
    document = json.loads(done.stdout)
    assert set(document) == {
        "session_id",
        "audio_s",
        "stop_to_stats_s",
        "wall_s",
        "speakers",
        "turns",
        "transcript",
        "missing_audio",
        "audit",
    }
    assert document["audio_s"] == pytest.approx(sf.info(recording).duration, abs=0.1)
    assert {speaker["label"] for speaker in document["speakers"]} >= {
        turn["speaker"] for turn in document["turns"]
    }
    assert {frozenset(word) for word in document["transcript"]} == {
        frozenset({"speaker", "word", "start_s", "end_s"})
    }
    assert document["missing_audio"] == []


def as_phones_do(source: Path, target: Path) -> None:
    """Re-encode as AAC in mp4, 44.1 kHz stereo."""
    import av

    with av.open(str(source)) as given, av.open(str(target), "w", format="mp4") as made:
        stream = made.add_stream("aac", rate=44_100, layout="stereo")
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=44_100, frame_size=1024)
        for frame in given.decode(audio=0):
            for piece in resampler.resample(frame):
                made.mux(stream.encode(piece))
        made.mux(stream.encode(None))


def test_a_file_that_is_no_recording_is_explained(stack: RunningStack, tmp_path: Path) -> None:
    text = tmp_path / "notes.m4a"
    text.write_text("ffconcat version 1.0\nfile /etc/hostname\n")
    done = subprocess.run(
        [*LAHSTATS, "demo", str(text), "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "notes.m4a" in done.stderr
    assert "Traceback" not in done.stderr


def can_be_interrupted() -> None:
    """A shell that runs the tests in the background ignores SIGINT, and so would every child."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.own_stack
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_nothing_running(short_path: Path, how: signal.Signals) -> None:
    folder = short_path / "interrupted"
    environment = {
        **os.environ,
        "LAHSTATS_DATA_DIR": str(folder),
        "LAHSTATS_PORT_BASE": str(free_port_base()),
    }
    command = [*LAHSTATS, "demo", RECORDING]
    process = subprocess.Popen(
        command,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=can_be_interrupted,  # noqa: PLW1509
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "topics" in line:
            break
    time.sleep(1)  # the stages are starting
    assert processes_of(folder)
    process.send_signal(how)
    process.communicate(timeout=90)
    assert process.returncode != 0
    until(lambda: processes_of(folder), not_)


def processes_of(folder: Path) -> list[str]:
    """Command lines of all processes that were started for this data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in environment and command:
            found.append(command.replace(b"\0", b" ").decode())
    return found
