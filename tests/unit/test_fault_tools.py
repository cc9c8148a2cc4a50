"""The tools of the long runs, which nobody looks at while they run."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from random import Random

import pytest
import yaml

from adapters.settings import Settings
from deploy.benchmark.process_use import cpu_s
from deploy.waiting import until
from tests.faults import load as load_module
from tests.faults.footprint import LEAST, Footprint, Footprints, footprint
from tests.faults.load import Load
from tests.faults.recorder import Recorder
from tests.faults.runs.soak import (
    MOST_WAITS_S,
    WORKS_ALL_AGAIN,
    is_too_much,
    talk_that_is_held,
    thrown,
    waiting_in,
)
from tests.other_process import OtherProcess

CLIPS = 'lahstats_fuse_open{stage="clips",instance="a",job="clips"}'


def grown(samples: list[Footprint]) -> list[str]:
    footprints = Footprints(dict, lambda _: 0.0)
    footprints.samples["sink", 1] = samples
    return footprints.grown()


def test_a_process_that_holds_as_much_as_before_has_not_grown() -> None:
    begin = [Footprint(100 + 20 * n, 10 + n, n, 5 + n) for n in range(LEAST)]
    flat = [Footprint(600, 40, 20, 10)] * 3 * LEAST
    assert grown([*begin, *flat]) == []


def test_memory_threads_and_open_files_that_grow_until_the_end_are_told() -> None:
    samples = [Footprint(300 + 4 * n, 20 + 6 * n, 5 + n, 5 + n) for n in range(2 * LEAST)]
    memory, files, of_libraries, threads = grown(samples)
    assert memory.startswith("sink: memory grew from ")
    assert files.startswith("sink: open files grew from ")
    assert of_libraries.startswith("sink: threads of libraries grew from ")
    assert threads.startswith("sink: threads grew from ")


@pytest.fixture
def other() -> Iterator[OtherProcess]:
    with closing(OtherProcess()) as found:
        yield found


def files_more(other: OtherProcess, *opened: Path) -> int:
    """How many files more it has open when it has opened these."""
    before = footprint(other.pid).files
    for number, path in enumerate(opened):
        if not path.exists():
            path.touch()
        other.does(f"file_{number} = open({str(path)!r})")
    return footprint(other.pid).files - before


def test_the_files_that_kafka_opens_once_for_each_partition_are_no_growth(
    tmp_path: Path, other: OtherProcess
) -> None:
    assert files_more(other, tmp_path / "0.txnindex", tmp_path / "0.log") == 1


def test_files_of_threads_are_no_growth_for_threads_are_counted(other: OtherProcess) -> None:
    assert files_more(other, Path("/proc/self/stat")) == 0


def test_the_pipes_of_threads_are_no_growth_beside_them() -> None:
    begin = [Footprint(100, 54, 23, 6)] * 2 * LEAST
    assert grown([*begin, *[Footprint(100, 72, 33, 6)] * LEAST]) == []
    (files,) = grown([*begin, *[Footprint(100, 72, 23, 6)] * LEAST])
    assert files == "sink: open files grew from 54 to 72"


def test_a_pool_that_has_begun_all_its_threads_has_not_grown_and_one_without_an_end_has() -> None:
    begin = [Footprint(100, 45, 11, 6)] * 2 * LEAST
    assert grown([*begin, *[Footprint(100, 45, 11, 46)] * LEAST]) == []
    (threads,) = grown([*begin, *[Footprint(100, 45, 11, 47)] * LEAST])
    assert threads == "sink: threads grew from 6 to 47"
    (of_libraries,) = grown([*begin, *[Footprint(100, 45, 28, 6)] * LEAST])
    assert of_libraries == "sink: threads of libraries grew from 11 to 28"


TWO_THREADS = """
import threading
from pathlib import Path
over = threading.Event()
is_named = threading.Event()
def named():
    Path(f"/proc/self/task/{threading.get_native_id()}/comm").write_text("rdk:main")
    is_named.set()
    over.wait()
for work in (over.wait, named):
    threading.Thread(target=work, daemon=True).start()
is_named.wait()
"""


def test_a_thread_is_of_the_library_that_named_it(other: OtherProcess) -> None:
    before = footprint(other.pid)
    other.does(TWO_THREADS)
    after = footprint(other.pid)
    assert after.library_threads == before.library_threads + 1
    assert after.own_threads == before.own_threads + 1


def test_libraries_that_are_opened_once_for_their_symbols_are_no_growth(
    tmp_path: Path, other: OtherProcess
) -> None:
    names = ("libz.so.1.2.13", "backend_c.cpython-311-x86_64-linux-gnu.so", "0048a1.debug")
    assert files_more(other, *[tmp_path / name for name in names], tmp_path / "some.sound") == 1


MAPPED = "import mmap; mapped = mmap.mmap"


def test_code_that_is_read_from_a_file_is_no_growth(other: OtherProcess) -> None:
    # A library that is installed: files of tests may be in memory, which counts as such.
    library = find_spec("torch")
    assert library
    assert library.origin
    file = Path(library.origin).parent / "lib" / "libtorch_cpu.so"
    before = footprint(other.pid).mb
    other.does(f"file = open({str(file)!r}, 'rb')")
    other.does(f"{MAPPED}(file.fileno(), 50_000_000, prot=mmap.PROT_READ)")
    assert other.does(f"said = sum(mapped[:: {os.sysconf('SC_PAGE_SIZE')}]) > 0")
    assert footprint(other.pid).mb < before + 25


def test_memory_of_its_own_is_growth(other: OtherProcess) -> None:
    before = footprint(other.pid).mb
    other.does(f"{MAPPED}(-1, 50_000_000); mapped.write(b'1' * len(mapped))")
    assert footprint(other.pid).mb > before + 40


def test_memory_that_is_kept_free_is_not_held(other: OtherProcess) -> None:
    whole = footprint(other.pid).mb
    kept = Footprints(dict, lambda name: {"transcribe-0": 2.0}[name])
    assert kept.sample("transcribe-0", other.pid).mb == pytest.approx(whole - 2.0, abs=0.5)


def test_the_cpu_of_a_process_is_as_the_process_counts_it(other: OtherProcess) -> None:
    own_s = other.does("sum(range(30_000_000)); import time; said = time.process_time()")
    assert cpu_s(other.pid) == pytest.approx(own_s, abs=0.1)


def test_a_process_that_lived_for_a_moment_is_not_judged() -> None:
    assert grown([Footprint(100 * n, n, n, n) for n in range(LEAST - 1)]) == []


def test_a_seed_repeats_the_faults_of_a_soak() -> None:
    first, again = (list(islice(thrown(Random(7), 1e9), 20)) for _ in range(2))
    assert first == again
    assert len({fault.name for fault in first}) == len(first)
    assert WORKS_ALL_AGAIN not in {fault.name for fault in islice(thrown(Random(8), 1e9), 2000)}


def test_models_hold_the_talk_that_all_cores_work_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert talk_that_is_held(20, [1, 1, 1], [6, 5, 2]) == 4
    assert talk_that_is_held(20, [1, 1, 1], [11, 2, 1]) == 2


def test_phones_are_held_back_until_half_of_what_waits_is_worked_on() -> None:
    waits_s = [MOST_WAITS_S * part for part in (0.9, 1.1, 0.9, 0.6, 0.4, 0.9)]
    held_back = [False]
    for one in waits_s:
        held_back.append(is_too_much(one, held_back[-1]))
    assert held_back[1:] == [False, True, True, True, False, False]


def test_phones_are_held_back_while_nobody_says_what_waits() -> None:
    said = {'lahstats_messages_waiting{kind="live",stage="diarize"}': 6.0, "other": 1.0}
    assert waiting_in(said) == 3
    assert is_too_much(waiting_in({"other": 1.0}), was_too_much=False)


def test_one_phone_talks_on_while_the_others_are_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    load = Load(Settings(), Path("clip.flac"), phones=3, is_held_back=True)
    talked: list[str] = []

    def record_one(owner: str) -> None:
        talked.append(owner.rpartition("-")[0])
        time.sleep(0.001)

    monkeypatch.setattr(load, "_record_one", record_one)
    monkeypatch.setattr(load_module, "CLIP_S", 0.01)
    load.start()
    until(lambda: len(talked), lambda times: times > 50)
    assert set(talked) == {"phone-0"}
    load.is_held_back = False
    until(lambda: set(talked), {"phone-0", "phone-1", "phone-2"}.__eq__)
    load.stop()


def test_a_recording_is_what_promtool_reads(tmp_path: Path) -> None:
    recorder = Recorder(Settings(data_dir=tmp_path))
    recorder._samples[CLIPS] = {0: 0.0, 1: 0.0, 2: 0.0, 4: 1.0, 5: 1234567.0}
    recorder._samples["other{}"] = {0: 1.0}
    recorder._count = 3
    recorder.expect()
    recorder._count = 6
    recorder.expect("FuseOpen")
    page = tmp_path / "recorded" / "page.yaml"
    recorder.write(page, ["lahstats_fuse_open"])
    [test] = yaml.safe_load(page.read_text())["tests"]
    assert test["input_series"] == [{"series": CLIPS, "values": "0x2 _ 1 1234567"}]
    assert [moment["exp_samples"] for moment in test["promql_expr_test"]] == [
        [],
        [{"labels": '{alertname="FuseOpen"}', "value": 1}],
    ]
