"""Options and output that all commands share. Imports nothing heavy: `--help` must be quick."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Json = Annotated[
    bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
]
DEMO_OWNER = "demo-owner"
"""The user that commands act as when no other is named."""


def messages() -> Console:
    """Return a console for people: stderr, so that stdout holds the answer alone."""
    return Console(stderr=True)


def answer(document: object, as_json: bool, text: str) -> None:
    """Print the answer of a command: `document` as JSON, or `text` for people."""
    print(json.dumps(document, ensure_ascii=False) if as_json else text)


def show(
    found: "DataclassInstance | Sequence[DataclassInstance]", as_json: bool, lines: Iterable[str]
) -> None:
    """Print what was measured: its fields as JSON, or `lines` for people."""
    text = "\n".join(lines)
    if isinstance(found, Sequence):
        answer([asdict(one) for one in found], as_json, text)
    else:
        answer(asdict(found), as_json, text)


def quiet_retries() -> None:
    """Keep what waits for a server from writing its log to stdout, where the answer goes."""
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


@contextmanager
def explained(subject: object) -> Iterator[None]:
    """Turn an error that a user can mend into one red line and exit code 1."""
    from producers.phone.client import UploadRejected

    try:
        yield
    except (OSError, UploadRejected, TimeoutError, ValueError) as error:
        messages().print(f"[red]{subject}: {error}[/]")
        raise typer.Exit(1) from None
