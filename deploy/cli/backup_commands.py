"""`lahstats backup | restore`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.amounts import amount
from deploy.cli.options import Json, answer, explained, messages, settings_with_kafka

if TYPE_CHECKING:
    from deploy.backup.folder import Manifest

Target = Annotated[Path, typer.Argument(help="a new or empty folder")]
Source = Annotated[Path, typer.Argument(help="a folder that `lahstats backup` wrote")]

Erasures = Annotated[
    Path | None,
    typer.Option(help="the record of erasures; else the folder of LAHSTATS_ERASURES_DIR"),
]
Unrecorded = Annotated[
    bool, typer.Option("--without-erasures", help="nobody erased anything since the backup")
]


def backup(folder: Target, json_: Json = False) -> None:
    """Write everything that must be kept into FOLDER, beside live traffic.

    Secrets are not part of it.
    """
    from adapters.process.priority import step_back
    from deploy.backup.backup import backup as take

    settings = settings_with_kafka()
    step_back()
    console = messages()
    with explained(folder):
        taken = take(settings, folder, lambda part: console.print(f"  {part}"))
    text = f"{_amounts(taken)} are in {folder}"
    answer({"records": taken.records, "objects": taken.objects}, json_, text)


def restore(
    folder: Source, erasures: Erasures = None, none: Unrecorded = False, json_: Json = False
) -> None:
    """Bring the backup in FOLDER into an empty stack, and erase again what was erased since.

    The stages of a local stack are stopped meanwhile. Those of another one must be stopped before.
    """
    from deploy.backup.restore import restore as bring
    from deploy.devstack.stack import Stack

    settings = settings_with_kafka()
    console = messages()
    known = None if none else erasures or settings.erasures_dir
    paused = Stack(settings).without_stages
    with explained(folder):
        found = bring(settings, folder, lambda part: console.print(f"  {part}"), known, paused)
    text = f"{_amounts(found)} are back: `lahstats audit`"
    answer({"records": found.records, "objects": found.objects}, json_, text)


def _amounts(of: "Manifest") -> str:
    records = amount(of.records, "record", "records")
    return f"{records} and {amount(of.objects, 'object', 'objects')}"
