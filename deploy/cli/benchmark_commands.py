"""`lahstats benchmark`: accuracy, speed and memory, measured on this machine."""

from pathlib import Path

import typer

from deploy.cli import accuracy_benchmarks as accuracy
from deploy.cli import benchmark_options as of
from deploy.cli import model_benchmarks as models
from deploy.cli import server_benchmarks as servers
from deploy.cli.options import Json, answer, write_file

app = typer.Typer(no_args_is_help=True, help="Accuracy and speed, measured.")


def structure(tree: of.Tree = Path(), page: of.OwnPage = None, json_: Json = False) -> None:
    """The shape of the code: lines, content per line, typing, and the places that are worst."""
    from deploy.benchmark import structure as benchmark

    found = benchmark.measure_rooms(tree)
    answer(found.document(), json_, benchmark.markdown(found))
    if page is not None:
        write_file(page, benchmark.page(found))


for command in (
    accuracy.real,
    accuracy.evidence,
    accuracy.listening,
    accuracy.languages,
    accuracy.tables,
    accuracy.far,
    accuracy.formats,
    accuracy.shapes,
    servers.assembler,
    servers.scale,
    accuracy.speech,
    accuracy.inputs,
    servers.latency,
    models.batches,
    models.voices,
    models.long,
    servers.warehouse,
    servers.cohorts,
    servers.acceptance,
    servers.throughput,
    servers.uploads,
    servers.recorder,
    servers.pages,
    servers.scaling,
    servers.memory,
    servers.idle,
    structure,
):
    app.command()(command)
