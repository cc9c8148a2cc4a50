"""Options and output that all commands share. Imports nothing heavy: `--help` must be quick."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from adapters.settings import Settings

Json = Annotated[
    bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
"""A file that is there. A command says at once when it is not, before it starts anything."""
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="only sessions recorded on this day or later (UTC)"),
]
ANSWER_S = 3.0
DEMO_OWNER = "demo-owner"
"""The user that commands act as when no other is named."""


def messages() -> Console:
    """Return a console for people: stderr, so that stdout holds the answer alone."""
    return Console(stderr=True)


@contextmanager
def bar(description: str, *, transient: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Show a bar meanwhile, and afterwards unless it is `transient`.

    Yield the function that tells it how many are done, and of how many.
    """
    from rich.progress import Progress

    with Progress(console=messages(), transient=transient) as progress:
        task = progress.add_task(description, total=None)
        yield lambda done, all_: progress.update(task, completed=done, total=all_)


def answer(document: object, as_json: bool, text: str | Iterable[str]) -> None:
    """Print the answer of a command: `document` as JSON, or for people `text`, or its lines."""
    if as_json:
        told(as_line(document))
    else:
        told(text if isinstance(text, str) else "\n".join(text))


def as_line(document: object) -> str:
    """JSON for stdout, with escapes where that has an encoding of few letters."""
    encoding = getattr(sys.stdout, "encoding", "")
    return json.dumps(document, ensure_ascii=encoding.lower() != "utf-8")


def told(text: str) -> None:
    """Print a part of the answer at once. Ends the command when stdout cannot take it."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # of a file's name, say
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise  # its reader has gone, and wants no word
    except OSError as error:
        # The interpreter would try once more as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise refused(f"the answer cannot be written: {error.strerror}") from None


def into_page(page: Path | None, block: str, text: Callable[[], str]) -> None:
    """Write `text` into a block of a page, when one is named."""
    from deploy.generators.blocks import with_block

    if page is not None:
        write_file(page, with_block(page.read_text(), block, text()))


def write_file(file: Path, text: str) -> None:
    """Write a file. Ends the command with one red line when that cannot be done."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    except OSError as error:
        raise refused(f"{file} cannot be written: {error.strerror}") from None


def show(
    found: "DataclassInstance | Sequence[DataclassInstance]", as_json: bool, lines: Iterable[str]
) -> None:
    """Print what was measured: its fields as JSON, or `lines` for people."""
    if isinstance(found, Sequence):
        answer([asdict(one) for one in found], as_json, lines)
    else:
        answer(asdict(found), as_json, lines)


def quiet_retries() -> None:
    """Keep what waits for a server from writing its log to stdout, where the answer goes."""
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


@contextmanager
def explained(subject: object) -> Iterator[None]:
    """Turn an error that a user can mend into one red line and exit code 1."""
    from adapters.process.retry import TransientError
    from deploy.devstack.obstacles import StackError
    from producers.phone.client import UploadRejected

    try:
        yield
    except (OSError, StackError, UploadRejected, TransientError, ValueError) as error:
        raise refused(f"{subject}: {error}") from None


def refused(text: str) -> typer.Exit:
    """Print one red line; the end of the command, with exit code 1, to be raised."""
    # A name may have brackets, which are no markup. A pipe has no width to break the line at.
    messages().print(text, style="red", markup=False, soft_wrap=True)
    return typer.Exit(1)


def settings_with_kafka() -> "Settings":
    """The settings of a command that waits for Kafka, whose retries are quiet.

    Ends the command with one red line unless Kafka answers within `ANSWER_S`.
    """
    from adapters.settings import Settings
    from deploy.prepare.kafka_topics import broker_complaint

    quiet_retries()
    settings = Settings()
    if complaint := broker_complaint(settings, ANSWER_S):
        raise refused(f"Kafka does not answer: {complaint}. See `lahstats status`")
    return settings
