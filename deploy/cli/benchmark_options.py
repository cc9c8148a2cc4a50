"""Arguments and options of `lahstats benchmark`."""

import math
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from deploy.cli.options import refused

Given = TypeVar("Given", Path, list[Path])
Number = TypeVar("Number", int, float)


def numbers(text: str, read: Callable[[str], Number]) -> list[Number]:
    """Return the numbers of `text`, by `read`. Raises BadParameter unless all are over 0."""
    try:
        found = [read(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or not all(0 < number < math.inf for number in found):
        raise typer.BadParameter(f"numbers over 0 with commas between them, and not {text}")
    return found


def times_of(runs: str, lengths: int) -> list[int]:
    """Return how often each of so many lengths is run: the last number goes on for the rest."""
    times = numbers(runs, int)
    times += times[-1:] * (lengths - len(times))
    return times[:lengths]


def _as(benchmark: str) -> Callable[[Given], Given]:
    """Refuse folders in which that benchmark finds nothing, before anything is begun."""

    def checked(given: Given) -> Given:
        try:
            import_module(f"deploy.benchmark.{benchmark}").recordings(given)
        except (OSError, ValueError) as error:
            raise refused(str(error)) from None
        return given

    return checked


def _some_of(*names: str) -> Callable[[list[str] | None], list[str] | None]:
    """Refuse other names than these, before anything is begun."""

    def checked(given: list[str] | None) -> list[str] | None:
        if unknown := set(given or ()).difference(names):
            wrong = ", ".join(sorted(unknown))
            raise typer.BadParameter(f"{wrong}: it should be one of {', '.join(names)}")
        return given

    return checked


def _in_a_folder(file: Path | None) -> Path | None:
    """Refuse a file that cannot be written, before anything is begun."""
    if file is not None and not file.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {file.parent}")
    return file


Folder = Annotated[
    Path, typer.Argument(help="NAME.flac with NAME.json and NAME.rttm", callback=_as("speech"))
]
RealFolder = Annotated[
    Path,
    typer.Argument(help="NAME.flac with NAME.json beside it", callback=_as("real_recordings")),
]
TruthFolders = Annotated[
    list[Path],
    typer.Argument(
        help="NAME.flac with NAME.json that says which words were said", callback=_as("evidence")
    ),
]
LanguageFolders = Annotated[
    list[Path],
    typer.Argument(
        help="NAME.flac with NAME.json that says its language", callback=_as("languages")
    ),
]
Weights = Annotated[
    Path | None,
    typer.Option(help="write the weights into this file", dir_okay=False, callback=_in_a_folder),
]
Cases = Annotated[Path, typer.Argument(help="audio files, and cases.tsv that says what is right")]
WithWords = Annotated[bool, typer.Option("--words", help="let the models hear what is decoded too")]
Offsets = Annotated[
    int, typer.Option(min=1, help="start offsets per recording: a lucky cut does not count")
]
Loads = Annotated[int, typer.Option("--runs", min=1, help="how often each page is opened")]
Each = Annotated[int, typer.Option(min=1, help="talks for each number of people")]
Workers = Annotated[int | None, typer.Option(min=1, help="processes; one a core when left out")]
Page = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, writable=True, help="write the tables into this page too"
    ),
]
OwnPage = Annotated[
    Path | None,
    typer.Option(dir_okay=False, callback=_in_a_folder, help="write the page of it too"),
]
Minutes = Annotated[str, typer.Option(help="lengths of the sessions, with commas between them")]
Runs = Annotated[
    str, typer.Option(help="how often each length is played; the last number goes on for the rest")
]
ChunkLength = Annotated[float, typer.Option(min=1, max=60, help="seconds a chunk")]
AtOnce = Annotated[int, typer.Option(min=1, help="sessions that record at the same time")]
Only = Annotated[str, typer.Option(help="formats whose names contain this, beside the first")]
Sizes = Annotated[str, typer.Option(help="windows a pass")]
Pieces = Annotated[str, typer.Option(help="pieces of speech a pass")]
Passes = Annotated[str, typer.Option(help="passes of the model at the same time")]
Windows = Annotated[int, typer.Option(min=1, help="how many are worked on each time")]
ExactUpTo = Annotated[
    float,
    typer.Option(help="minutes up to which exact clustering is measured too: it is quadratic"),
]
Rows = Annotated[int, typer.Option(min=100_000, help="counted words")]
Cohorts = Annotated[list[int], typer.Option("--people", min=100, help="people; may be repeated")]
People = Annotated[int, typer.Option(min=520, help="people who said them, in groups of ten")]
Tree = Annotated[
    Path,
    typer.Option(exists=True, file_okay=False, help="the tree to measure; this one when left out"),
]
Stages = Annotated[
    list[str] | None,
    typer.Argument(
        help="transcribe, diarize; both when left out", callback=_some_of("transcribe", "diarize")
    ),
]
Measurements = Annotated[
    list[str] | None,
    typer.Argument(
        help="speech, sink, freshness; all when left out",
        callback=_some_of("speech", "sink", "freshness"),
    ),
]
Turns = Annotated[int, typer.Option(min=1, help="how often each host works on the events")]
Sessions = Annotated[int, typer.Option(min=20_000, help="sessions, 10,000 of them live")]
Chunks = Annotated[int, typer.Option(min=1, help="half minutes of each finished session")]
WindowMinutes = Annotated[float, typer.Option(min=1, help="windows of so many minutes")]
SessionMinutes = Annotated[float, typer.Option(min=1, help="length of the session")]
IdleSeconds = Annotated[float, typer.Option(min=5, help="seconds that the idle stack is watched")]
RecordedMinutes = Annotated[float, typer.Option(min=0.25, max=60, help="length of the signal")]
