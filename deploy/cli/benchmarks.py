"""`lahstats benchmark`: accuracy on recordings with truth, and how long people wait."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from deploy.cli.stacks import lent

app = typer.Typer(no_args_is_help=True, help="Accuracy and speed, measured.")


@app.callback()
def benchmarks() -> None:
    """Accuracy and speed, measured."""


@app.command()
def speech(
    folder: Path,
    offsets: Annotated[
        int, typer.Option(min=1, help="start offsets per recording: a lucky cut does not count")
    ] = 1,
    workers: Annotated[int | None, typer.Option(help="processes; one a core when left out")] = None,
    page: Annotated[
        Path | None,
        typer.Option(help="write the tables here too, as a page that says how they came about"),
    ] = None,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """Every NAME.flac of FOLDER that has NAME.json and NAME.rttm, through the product's own stages, against its truth."""
    from deploy.benchmark import (
        report,
    )  # torch and the metrics take seconds to import: only who measures waits for them
    from deploy.benchmark import speech as measuring

    runs: list[measuring.Run] = []
    try:
        jobs = len(measuring.recordings(folder)) * offsets
    except ValueError as error:
        Console(stderr=True).print(f"[red]{error}[/]")
        raise typer.Exit(1) from None
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(f"{jobs} runs", total=jobs)
        for run in measuring.measure(folder, offsets, workers):
            runs.append(run)
            progress.update(task, advance=1, description=f"{run.score.name} +{run.lead_s:.0f} s")
    if page is not None:
        page.write_text(report.page(runs, offsets))
    print(
        json.dumps(report.document(runs), ensure_ascii=False)
        if json_
        else "\n".join(report.markdown(runs))
    )


@app.command()
def formats(
    folder: Path,
    offsets: Annotated[int, typer.Option(min=1, help="start offsets per recording")] = 1,
    only: Annotated[str, typer.Option(help="formats whose names hold this, beside the first")] = "",
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """The recordings of FOLDER as phones and browsers send them, in 30 s chunks of each format: what the counts lose by it."""
    from deploy.benchmark import report
    from deploy.benchmark.formats import FORMATS
    from deploy.benchmark.speech import measure

    wanted = [name for n, name in enumerate(FORMATS) if n == 0 or only in name]
    with Progress(console=Console(stderr=True)) as progress:
        found = {
            name: list(measure(folder, offsets, sent_as=name))
            for name in progress.track(wanted, description="formats")
        }
    print(report.as_json(found) if json_ else "\n".join(report.compared(found, "format")))


@app.command()
def shapes(
    folder: Path,
    offsets: Annotated[int, typer.Option(min=1, help="start offsets per recording")] = 1,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """The product beside the shape of the first one, with the same weights: accuracy, and seconds of work."""
    from deploy.benchmark import report
    from deploy.benchmark.speech import FIRST, OURS, measure

    with Progress(console=Console(stderr=True)) as progress:
        found = {
            name: list(measure(folder, offsets, shape=name))
            for name in progress.track((OURS, FIRST), description="shapes")
        }
    print(report.as_json(found) if json_ else "\n".join(report.compared(found, "shape")))


@app.command()
def latency(
    folder: Path,
    minutes: Annotated[str, typer.Option(help="lengths of the sessions")] = "1,5,15,60",
    runs: Annotated[
        str,
        typer.Option(help="how often each length is played; the last number goes on for the rest"),
    ] = "5,5,1,1",
    chunk: Annotated[float, typer.Option(min=1, max=60, help="seconds a chunk")] = 30.0,
    at_once: Annotated[int, typer.Option(min=1, help="sessions that record at the same time")] = 1,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """From stop to statistics, by length: the recordings of FOLDER through a running stack, the last two minutes at real-time pace."""
    from deploy.benchmark import latency as measuring

    console, lengths = Console(stderr=True), [float(part) * 60 for part in minutes.split(",")]
    times = [int(part) for part in runs.split(",")]
    times += times[-1:] * (len(lengths) - len(times))
    found: list[measuring.Latency] = []
    with lent(console) as settings, Progress(console=console) as progress:
        task = progress.add_task("sessions", total=sum(times[: len(lengths)]) * at_once)
        for one in measuring.measure(
            settings, folder, lengths, times[: len(lengths)], chunk, at_once
        ):
            found.append(one)
            progress.update(
                task,
                advance=1,
                description=f"{one.length_s / 60:g} min: {one.stop_to_stats_s:.1f} s",
            )
    print(json.dumps(measuring.rows(found)) if json_ else "\n".join(measuring.markdown(found)))


@app.command()
def batches(
    folder: Path,
    sizes: Annotated[str, typer.Option(help="windows a batch")] = "1,2,4,8",
    windows: Annotated[int, typer.Option(min=1, help="how many are heard with each size")] = 8,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """What it gains when windows share a pass of the model, on this machine."""
    from deploy.benchmark import batches as measuring

    with Console(stderr=True).status("hearing"):
        found = list(measuring.measure(folder, [int(part) for part in sizes.split(",")], windows))
    print(
        json.dumps([asdict(one) for one in found])
        if json_
        else "\n".join(measuring.markdown(found))
    )


@app.command()
def long(
    folder: Path,
    minutes: Annotated[str, typer.Option(help="lengths of the sessions")] = "60,120,240",
    exact_up_to: Annotated[
        float,
        typer.Option(
            help="minutes up to which the exact clustering is measured beside: it is quadratic"
        ),
    ] = 120,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """Clustering of sessions of hours, exact and in two levels: seconds, memory, DER. Hears the longest once, at a tenth of its length."""
    from deploy.benchmark import long as measuring

    with Console(stderr=True).status("hearing the voices of the longest"):
        found = list(
            measuring.measure(folder, [float(part) for part in minutes.split(",")], exact_up_to)
        )
    print(
        json.dumps([asdict(one) for one in found])
        if json_
        else "\n".join(measuring.markdown(found))
    )


@app.command()
def warehouse(
    rows: Annotated[int, typer.Option(min=100_000, help="counted words")] = 100_000_000,
    people: Annotated[
        int, typer.Option(min=100, help="people who said them, in groups of ten")
    ] = 20_000,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """A made-up year in the product's tables and in one naive table: what the read side's questions cost. Leaves nothing behind."""
    from deploy.benchmark.warehouse import main as measuring

    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("loading", total=1.0)
        found = measuring.measure(
            rows, people, lambda done, what: progress.update(task, completed=done, description=what)
        )
    print(json.dumps(found, ensure_ascii=False) if json_ else "\n".join(measuring.markdown(found)))


@app.command()
def acceptance(
    page: Annotated[Path | None, typer.Option(help="write the tables into this page too")] = None,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """Every bundled recording against its truth, then kill -9 for every part. Exit code 1 when one differs."""
    from deploy.benchmark import acceptance as measuring
    from deploy.generators.blocks import with_block

    found = measuring.measure()
    if page is not None:
        page.write_text(with_block(page.read_text(), measuring.BLOCK, found.tables))
    print(json.dumps(asdict(found)) if json_ else found.tables)
    raise typer.Exit(0 if found.ok else 1)


@app.command()
def throughput(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(help="speech, uploads, assembler, sink, freshness; all when left out"),
    ] = None,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """How fast each stage of a stack of its own works on this machine."""
    from deploy.benchmark import measurement
    from deploy.benchmark import throughput as measuring

    console = Console(stderr=True)
    found = []
    for one in measuring.measure(wanted or []):
        console.print(f"measured: {one.subject} {one.value}")
        found.append(one)
    print(
        json.dumps([asdict(one) for one in found])
        if json_
        else "\n".join(measurement.markdown(found))
    )


@app.command()
def scaling(
    wanted: Annotated[
        list[str] | None, typer.Argument(help="transcribe, diarize; both when left out")
    ] = None,
    minutes: Annotated[float, typer.Option(help="windows of so many minutes")] = 60,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """The windows of MINUTES through one and through two workers of a stage."""
    from deploy.benchmark import scaling as measuring

    found = list(measuring.measure(minutes, wanted or []))
    print(json.dumps(found) if json_ else "\n".join(measuring.markdown(found)))


@app.command()
def memory(
    minutes: Annotated[float, typer.Option(help="length of the session")] = 240,
    json_: Annotated[
        bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
    ] = False,
) -> None:
    """Memory of every process while one session of MINUTES is counted."""
    from deploy.benchmark import memory as measuring

    found = measuring.measure(minutes)
    print(json.dumps(found) if json_ else "\n".join(found))
