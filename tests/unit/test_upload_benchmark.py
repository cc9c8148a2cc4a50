"""The benchmark of uploads: both sides send the same, and the figures are those of its rounds."""

import asyncio
import hashlib
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.http.tokens import Upload
from deploy.benchmark import measured_files
from deploy.benchmark.event_load import CHUNK_MS, OWNER
from deploy.benchmark.measured_files import MeasuredFile
from deploy.benchmark.process_use import children_of
from deploy.benchmark.upload_clients import TYPE, BareClient
from deploy.benchmark.uploads import Round, _side, ratio
from producers.gateway.chunk_audio import ChunkAudio
from producers.gateway.chunk_request import ChunkBody
from schemas.phone_events import ChunkUploaded
from tests.gateway_fakes import RecordingPublisher
from tests.memory_blob_store import MemoryBlobStore
from tests.write_side import FLAC, WriteSide


def test_the_bare_side_writes_what_a_gateway_writes() -> None:
    blobs = MemoryBlobStore()
    published = RecordingPublisher([], lambda _: None)
    BareClient(blobs, published).send(3, FLAC)
    [bare] = published.events
    assert isinstance(bare, ChunkUploaded)
    side = WriteSide()
    audio = ChunkAudio(3, 3 * CHUNK_MS, CHUNK_MS, TYPE)
    body = ChunkBody(FLAC, hashlib.sha256(FLAC).hexdigest())
    asyncio.run(side.chunks.take(Upload(bare.session_id, OWNER), audio, body))
    assert side.blobs.contents() == blobs.contents()
    [ours] = side.publisher.events
    assert isinstance(ours, ChunkUploaded)
    assert ours.event_id == bare.event_id
    assert ours.size == bare.size


def test_a_slow_round_of_the_machine_does_not_decide_the_ratio() -> None:
    fast = Round(seconds=1.0, times=[0.1] * 100)
    slow = Round(seconds=5.0, times=[0.5] * 100)
    half = Round(seconds=2.0, times=[0.2] * 100)
    assert ratio([half, half, slow], [fast, fast, fast]) == pytest.approx(0.5)


def test_the_cpu_of_all_rounds_is_shared_out_over_their_chunks() -> None:
    rounds = [
        Round(1.0, [0.1] * 100, {"gateway": 0.3, "measuring": 0.1}),
        Round(1.0, [0.1] * 300, {"gateway": 0.5, "measuring": 0.3, "clients": 0.04}),
    ]
    assert _side("gateway", rounds).cpu_ms == {"gateway": 2.0, "measuring": 1.0, "clients": 0.1}


def test_a_format_says_what_it_costs_and_what_of_it_the_library_takes() -> None:
    found = MeasuredFile("Ogg", kb=26.4, measured_ms=3.0, library_ms=1.25)
    assert measured_files.markdown([found])[-1] == "| Ogg | 26 | 3.00 | 1.25 |"


class Parent(threading.Thread):
    """A thread that has a child, until it is let go."""

    child: subprocess.Popen[bytes]

    def __init__(self) -> None:
        """Blocks until the child is there."""
        super().__init__()
        self._has_child = threading.Event()
        self._may_end = threading.Event()
        self.start()
        assert self._has_child.wait(60)

    def run(self) -> None:
        self.child = subprocess.Popen(["sleep", "60"])
        self._has_child.set()
        self._may_end.wait(60)

    def end(self) -> None:
        self._may_end.set()
        self.join()


@pytest.fixture
def parent() -> Iterator[Parent]:
    made = Parent()
    yield made
    made.child.kill()
    made.child.wait()


def test_children_of_any_thread_are_found_while_they_are_there(parent: Parent) -> None:
    assert parent.child.pid in children_of(os.getpid())
    parent.end()
    assert parent.child.pid in children_of(os.getpid())
    parent.child.kill()
    parent.child.wait()
    assert parent.child.pid not in children_of(os.getpid())


def test_a_child_whose_thread_ends_meanwhile_is_found(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, it was looked for in the lists of threads, and had moved from one to another."""
    read = Path.read_text

    def read_late(path: Path) -> str:
        text = read(path)
        parent.end()
        return text

    monkeypatch.setattr(Path, "read_text", read_late)
    assert parent.child.pid in children_of(os.getpid())
