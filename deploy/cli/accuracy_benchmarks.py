"""`lahstats benchmark` of recordings: real ones, talks and rooms that are made, other formats."""

import os
from typing import TYPE_CHECKING

from deploy.amounts import amount
from deploy.cli import benchmark_options as of
from deploy.cli.options import Json, answer, explained, into_page, messages, show, write_file

if TYPE_CHECKING:
    from deploy.benchmark.speech import Run


def real(
    folder: of.RealFolder,
    workers: of.Workers = None,
    page: of.Page = None,
    json_: Json = False,
) -> None:
    """Recordings of people through the product's own stages: what is counted that nobody said.

    A truth of NAME.json may be unknown (null). NAME.rttm and NAME.words.tsv are compared where
    they are.
    """
    from rich.progress import track

    from deploy.benchmark import real_recordings as benchmark
    from deploy.benchmark import real_report as report

    with explained(folder):
        jobs = len(benchmark.recordings(folder))
        done = benchmark.measure(folder, workers or os.cpu_count() or 1)
        runs = list(track(done, "recordings", jobs, console=messages()))
    answer(report.document(runs), json_, report.markdown(runs))
    into_page(page, report.BLOCK, lambda: report.block(runs))


def speech(
    folder: of.Folder,
    offsets: of.Offsets = 1,
    workers: of.Workers = None,
    page: of.Page = None,
    json_: Json = False,
) -> None:
    """Every recording of FOLDER through the product's own stages, against its truth."""
    from rich.progress import Progress

    from deploy.benchmark import speech as benchmark
    from deploy.benchmark import speech_report as report

    runs = []
    with explained(folder), Progress(console=messages()) as progress:
        jobs = len(benchmark.recordings(folder)) * offsets
        task = progress.add_task(amount(jobs, "run", "runs"), total=jobs)
        for run in benchmark.measure(folder, offsets, workers):
            runs.append(run)
            label = f"{run.score.name} +{run.lead_s:.0f} s"
            progress.update(task, advance=1, description=label)
    answer(report.document(runs), json_, report.markdown(runs))
    into_page(page, report.BLOCK, lambda: report.block(runs, offsets))


def evidence(
    folders: of.TruthFolders,
    offsets: of.Offsets = 1,
    workers: of.Workers = None,
    write: of.Weights = None,
    page: of.Page = None,
    json_: Json = False,
) -> None:
    """How probable a count is: weights fitted to the recordings of FOLDERS, judged on others.

    Each recording is judged by weights that were fitted without it. Each is transcribed in int8
    and in float32: one is the default of a processor, the other that of a CUDA device.
    """
    from rich.progress import track

    from deploy.benchmark import evidence as benchmark
    from deploy.benchmark import evidence_report as report

    with explained(", ".join(map(str, folders))):
        jobs = benchmark.jobs(benchmark.recordings(folders), offsets)
        runs = benchmark.samples(jobs, workers or os.cpu_count() or 1)
        every = list(track(runs, "recordings", len(jobs), console=messages()))
    found = [sample for heard in every for sample in heard.samples]
    plain_s = sum(heard.plain_s for heard in every)
    calibration, kept = benchmark.calibrated(found, plain_s)
    answer(report.document(calibration, kept), json_, report.markdown(kept))
    if write is not None:
        write_file(write, benchmark.written(calibration, report.COMMAND))
    into_page(page, report.BLOCK, lambda: report.block(calibration, kept, plain_s))


def listening(folder: of.RealFolder, page: of.Page = None, json_: Json = False) -> None:
    """Each counted word of FOLDER, cut out and recognised alone in four ways: how many agree.

    This is a listening test without people. It needs no truth.
    """
    from rich.progress import track

    from deploy.benchmark import listening as benchmark
    from deploy.benchmark.real_recordings import recordings

    with explained(folder):
        paths = recordings(folder)
    listener = benchmark.Listener()
    steps = track(paths, description="recordings", console=messages())
    found = [one for path in steps for one in listener.listen(path)]
    answer(benchmark.document(found), json_, benchmark.markdown(found))
    into_page(page, benchmark.BLOCK, lambda: benchmark.block(found))


def languages(folders: of.LanguageFolders, json_: Json = False) -> None:
    """How well it is known that a segment is English, by the recordings of FOLDERS.

    Each recording is judged by weights that were fitted without it.
    """
    from rich.progress import track

    from deploy.benchmark import languages as benchmark

    with explained(", ".join(map(str, folders))):
        paths = benchmark.recordings(folders)
    parts = list(track(benchmark.segments(paths), "recordings", len(paths), console=messages()))
    kept = benchmark.judged([one for part in parts for one in part])
    answer(benchmark.document(kept), json_, benchmark.markdown(kept))


def tables(folder: of.Folder, each: of.Each = 4, json_: Json = False) -> None:
    """Short talks of 3 to 6 people, made up of FOLDER's voices: who spoke, hints and clips."""
    from deploy.benchmark import short_talks as benchmark

    with explained(folder):
        found = list(benchmark.measure(folder, each))
    show(found, json_, benchmark.markdown(found))


def far(folder: of.Folder, json_: Json = False) -> None:
    """One speaker of each recording of FOLDER 0 to 24 dB under the others, in noise."""
    from deploy.benchmark import far_voices as benchmark

    with explained(folder):
        found = list(benchmark.measure(folder))
    show(found, json_, benchmark.markdown(found))


def formats(
    folder: of.Folder, offsets: of.Offsets = 1, only: of.Only = "", json_: Json = False
) -> None:
    """The recordings of FOLDER as phones and browsers send them: the price of each format."""
    from rich.progress import track

    from deploy.benchmark.formats import FORMATS
    from deploy.benchmark.speech import measure

    wanted = [name for n, name in enumerate(FORMATS) if n == 0 or only in name]
    steps = track(wanted, description="formats", console=messages())
    runs = {name: list(measure(folder, offsets, sent_as=name)) for name in steps}
    _compared(runs, "format", json_)


def shapes(
    folder: of.Folder,
    offsets: of.Offsets = 1,
    json_: Json = False,
) -> None:
    """The product beside the shape of the first one, with the same weights."""
    from rich.progress import track

    from deploy.benchmark.speech import FIRST, OURS, measure

    steps = track((OURS, FIRST), description="shapes", console=messages())
    _compared(
        {name: list(measure(folder, offsets, shape=name)) for name in steps},
        "shape",
        json_,
    )


def _compared(runs: "dict[str, list[Run]]", what: str, as_json: bool) -> None:
    from deploy.benchmark import speech_report as report

    answer(report.documents(runs), as_json, report.compared(runs, what))


def inputs(folder: of.Cases, words: of.WithWords = False, json_: Json = False) -> None:
    """The odd audio files of FOLDER: what is right for each by its cases.tsv, and what happens."""
    from rich.progress import track

    from deploy.benchmark import inputs as benchmark

    with explained(folder):
        models = benchmark.models() if words else None
        cases = benchmark.measure(folder, models)
        found = list(track(cases, description="files", console=messages()))
    show(found, json_, benchmark.markdown(found))
