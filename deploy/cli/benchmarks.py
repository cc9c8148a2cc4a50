"""`lahstats benchmark speech`: accuracy on recordings with truth."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

app = typer.Typer(no_args_is_help=True, help="Accuracy and speed, measured.")


@app.callback()
def benchmarks() -> None:
    """Accuracy and speed, measured."""


@app.command()
def speech(
    folder: Path,
    offsets: Annotated[int, typer.Option(min=1, help="start offsets per recording: a lucky cut does not count")] = 1,
    workers: Annotated[int | None, typer.Option(help="processes; one a core when left out")] = None,
    page: Annotated[Path | None, typer.Option(help="write the tables here too, as a page that says how they came about")] = None,
    json_: Annotated[bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")] = False,
) -> None:
    """Every NAME.flac of FOLDER that has NAME.json and NAME.rttm, through the product's own stages, against its truth."""
    from deploy.benchmark import report  # torch and the metrics take seconds to import: only who measures waits for them
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
    print(json.dumps(report.document(runs), ensure_ascii=False) if json_ else "\n".join(report.markdown(runs)))
