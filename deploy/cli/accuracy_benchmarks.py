"""`lahstats benchmark real` and `evidence`: counts of real talk, and how sure they are."""

import os

from deploy.cli import benchmark_options as of
from deploy.cli.options import Json, answer, explained, messages


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

    from deploy.benchmark import real as benchmark
    from deploy.benchmark import real_report as report
    from deploy.generators.blocks import with_block

    with explained(folder):
        jobs = len(benchmark.recordings(folder))
        done = benchmark.measure(folder, workers or os.cpu_count() or 1)
        runs = list(track(done, "recordings", jobs, console=messages()))
    if page is not None:
        page.write_text(with_block(page.read_text(), report.BLOCK, report.block(runs)))
    answer(report.document(runs), json_, "\n".join(report.markdown(runs)))


def evidence(
    folders: of.TruthFolders,
    offsets: of.Offsets = 1,
    workers: of.Workers = None,
    write: of.Weights = None,
    page: of.Page = None,
    json_: Json = False,
) -> None:
    """How probable a count is: weights fitted to the recordings of FOLDERS, judged on others.

    Each recording is judged by weights that were fitted without it.
    """
    from rich.progress import track

    from deploy.benchmark import evidence as benchmark
    from deploy.benchmark import evidence_report as report
    from deploy.generators.blocks import with_block

    with explained(", ".join(map(str, folders))):
        paths = benchmark.recordings(folders)
        runs = benchmark.samples(paths, offsets, workers or os.cpu_count() or 1)
        jobs = len(paths) * offsets
        parts = list(track(runs, "recordings", jobs, console=messages()))
    calibration, kept = benchmark.calibrated([one for part in parts for one in part])
    if write is not None:
        write.write_text(benchmark.written(calibration, report.COMMAND))
    if page is not None:
        text = report.block(calibration, kept)
        page.write_text(with_block(page.read_text(), report.BLOCK, text))
    answer(report.document(calibration, kept), json_, "\n".join(report.markdown(kept)))


def listening(folder: of.RealFolder, page: of.Page = None, json_: Json = False) -> None:
    """Each counted word of FOLDER, cut out and recognised alone in four ways: how many agree.

    This is a listening test without people. It needs no truth.
    """
    from rich.progress import track

    from deploy.benchmark import listening as benchmark
    from deploy.benchmark import listening_report as report
    from deploy.benchmark.real import recordings
    from deploy.generators.blocks import with_block

    with explained(folder):
        paths = recordings(folder)
    listener = benchmark.Listener()
    steps = track(paths, description="recordings", console=messages())
    found = [one for path in steps for one in listener.listen(path)]
    if page is not None:
        page.write_text(with_block(page.read_text(), report.BLOCK, report.block(found)))
    answer(report.document(found), json_, "\n".join(report.markdown(found)))
