"""`lahstats benchmark`: accuracy, speed and memory, measured on this machine."""

from dataclasses import asdict
from pathlib import Path

import typer

from deploy.amounts import amount
from deploy.cli import accuracy_benchmarks, stack_benchmarks, streams_benchmarks
from deploy.cli import benchmark_options as of
from deploy.cli.number_lists import numbers, times_of
from deploy.cli.options import Json, answer, explained, messages, quiet_retries, show

COHORT_SIZES = [1_000, 100_000, 1_000_000]
app = typer.Typer(no_args_is_help=True, help="Accuracy and speed, measured.")
app.command()(accuracy_benchmarks.real)
app.command()(accuracy_benchmarks.evidence)
app.command()(accuracy_benchmarks.listening)
app.command()(accuracy_benchmarks.languages)
app.command()(accuracy_benchmarks.tables)
app.command()(accuracy_benchmarks.far)
app.command()(accuracy_benchmarks.formats)
app.command()(accuracy_benchmarks.shapes)
app.command()(streams_benchmarks.assembler)
app.command()(streams_benchmarks.scale)


@app.command()
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
    from deploy.generators.blocks import with_block

    runs = []
    with explained(folder), Progress(console=messages()) as progress:
        jobs = len(benchmark.recordings(folder)) * offsets
        task = progress.add_task(amount(jobs, "run", "runs"), total=jobs)
        for run in benchmark.measure(folder, offsets, workers):
            runs.append(run)
            label = f"{run.score.name} +{run.lead_s:.0f} s"
            progress.update(task, advance=1, description=label)
    if page is not None:
        page.write_text(with_block(page.read_text(), report.BLOCK, report.block(runs, offsets)))
    answer(report.document(runs), json_, "\n".join(report.markdown(runs)))


@app.command()
def inputs(folder: of.Cases, words: of.WithWords = False, json_: Json = False) -> None:
    """The odd audio files of FOLDER: what is right for each by its cases.tsv, and what happens."""
    from rich.progress import track

    from deploy.benchmark import inputs as benchmark

    with explained(folder):
        models = benchmark.models() if words else None
        cases = benchmark.measure(folder, models)
        found = list(track(cases, description="files", console=messages()))
    show(found, json_, benchmark.markdown(found))


@app.command()
def latency(
    folder: of.Folder,
    minutes: of.Minutes = "1,5,15,60",
    runs: of.Runs = "5,5,1,1",
    chunk: of.ChunkLength = 30.0,
    at_once: of.AtOnce = 1,
    json_: Json = False,
) -> None:
    """From stop to statistics, by length: the recordings of FOLDER through a running stack.

    The last two minutes are played at real-time pace.
    """
    from rich.progress import Progress

    from deploy.benchmark import latency as benchmark
    from deploy.cli.borrowed_stack import borrowed_stack

    quiet_retries()
    console = messages()
    lengths_s = [60 * length for length in numbers(minutes, float)]
    times = times_of(runs, len(lengths_s))
    found = []
    with borrowed_stack(console) as settings, Progress(console=console) as progress:
        task = progress.add_task("sessions", total=sum(times) * at_once)
        for one in benchmark.measure(settings, folder, lengths_s, times, chunk, at_once):
            found.append(one)
            label = f"{one.length_s / 60:g} min: {one.stop_to_stats_s:.1f} s"
            progress.update(task, advance=1, description=label)
    rows = benchmark.summarised(found)
    show(rows, json_, benchmark.markdown(rows))


@app.command()
def batches(
    folder: of.Folder,
    sizes: of.Sizes = "1,2,4,8",
    passes: of.Passes = "1",
    windows: of.Windows = 8,
    json_: Json = False,
) -> None:
    """The gain when windows share a pass of the model, and passes run at once, on this machine."""
    from deploy.benchmark import batches as benchmark

    with messages().status("transcribing"):
        found = list(benchmark.measure(folder, numbers(sizes, int), numbers(passes, int), windows))
    show(found, json_, benchmark.markdown(found))


@app.command()
def voices(
    folder: of.Folder,
    pieces: of.Pieces = "1,4",
    passes: of.Passes = "1",
    windows: of.Windows = 8,
    json_: Json = False,
) -> None:
    """The gain when pieces of speech share a pass of the model of voices, on this machine."""
    from deploy.benchmark import voice_passes as benchmark

    with messages().status("telling voices apart"):
        found = list(benchmark.measure(folder, numbers(pieces, int), numbers(passes, int), windows))
    show(found, json_, benchmark.markdown(found))


@app.command()
def long(
    folder: of.Folder,
    minutes: of.Minutes = "60,120,240",
    exact_up_to: of.ExactUpTo = 120,
    json_: Json = False,
) -> None:
    """Clustering of sessions of hours, exact and in two levels: seconds, memory, DER.

    The voices of the longest session are measured once, which takes a tenth of its length.
    """
    from deploy.benchmark import long_sessions as benchmark

    with messages().status("diarizing the longest"):
        found = list(benchmark.measure(folder, numbers(minutes, float), exact_up_to))
    show(found, json_, benchmark.markdown(found))


@app.command()
def warehouse(rows: of.Rows = 100_000_000, people: of.People = 20_000, json_: Json = False) -> None:
    """The read side's questions on a made-up year, in the product's tables and in one naive table.

    Leaves nothing behind.
    """
    from rich.progress import Progress

    from deploy.benchmark.warehouse import main as benchmark

    with Progress(console=messages()) as progress:
        task = progress.add_task("loading", total=1.0)
        found = benchmark.measure(
            rows, people, lambda done, what: progress.update(task, completed=done, description=what)
        )
    show(found, json_, benchmark.markdown(found))


@app.command()
def cohorts(people: of.Cohorts = COHORT_SIZES, json_: Json = False) -> None:
    """Percentiles and renewals of snapshots, beside one row with everybody.

    Leaves nothing behind.
    """
    from deploy.benchmark.warehouse import cohorts as benchmark

    found = benchmark.measure(people, messages().print)
    show(found, json_, benchmark.markdown(found))


@app.command()
def acceptance(page: of.Page = None, json_: Json = False) -> None:
    """Every bundled recording against its truth, then kill -9 for every process.

    Exit code 1 when a result differs.
    """
    from deploy.benchmark import acceptance as benchmark
    from deploy.generators.blocks import with_block

    quiet_retries()
    found = benchmark.measure()
    if page is not None:
        page.write_text(with_block(page.read_text(), benchmark.BLOCK, found.tables))
    answer(asdict(found), json_, found.tables)
    raise typer.Exit(0 if found.ok else 1)


@app.command()
def throughput(wanted: of.Measurements = None, json_: Json = False) -> None:
    """How fast each stage of a stack of its own works on this machine."""
    from deploy.benchmark import measurement
    from deploy.benchmark import throughput as benchmark

    quiet_retries()
    console = messages()
    found = []
    for one in benchmark.measure(wanted or []):
        console.print(f"measured: {one.subject} {one.value}")
        found.append(one)
    show(found, json_, measurement.markdown(found))


app.command()(stack_benchmarks.uploads)
app.command()(stack_benchmarks.recorder)
app.command()(stack_benchmarks.pages)
app.command()(stack_benchmarks.scaling)
app.command()(stack_benchmarks.memory)
app.command()(stack_benchmarks.idle)


@app.command()
def structure(tree: of.Tree = Path(), page: of.OwnPage = None, json_: Json = False) -> None:
    """The shape of the code: lines, content per line, typing, and the places that are worst."""
    from deploy.benchmark import structure as benchmark

    found = benchmark.measure_rooms(tree)
    if page is not None:
        page.write_text(benchmark.page(found))
    answer(found.document(), json_, "\n".join(benchmark.markdown(found)))
