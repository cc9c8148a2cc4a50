"""`lahstats fuse list | close`."""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.options import Json, answer, explained, refused, settings_with_kafka

if TYPE_CHECKING:
    from adapters.kafka.fuse_gate import Fuses
    from schemas.fuses import OpenFuse

app = typer.Typer(
    no_args_is_help=True, help="Fuses: stages that wait, because most people's messages failed."
)
StageName_ = Annotated[str, typer.Argument(metavar="STAGE", help="as `list` names it")]


@app.command("list")
def list_(json_: Json = False) -> None:
    """Every fuse that is open, and why."""
    import msgspec

    found = _open_ones(_fuses())
    lines = [f"{name} waits for {fuse.in_words()}" for name, fuse in found.items()]
    answer(msgspec.to_builtins(list(found.values())), json_, "\n".join(lines) or "no fuse is open")


@app.command()
def close(stage: StageName_, json_: Json = False) -> None:
    """The stage goes on, where it stopped. Mend the cause first: else its fuse opens again."""
    fuses = _fuses()
    found = _open_ones(fuses)
    if stage not in found:
        names = ", ".join(found) or "none"
        raise refused(f"the fuse of {stage} is not open; open fuses: {names}")
    with explained(stage):
        fuses.close(stage)
    answer({"closed": stage}, json_, f"{stage} goes on in a few seconds")


def _fuses() -> "Fuses":
    from adapters.kafka.fuse_gate import Fuses

    return Fuses(settings_with_kafka().kafka)


def _open_ones(fuses: "Fuses") -> "dict[str, OpenFuse]":
    with explained("fuses"):
        return fuses.open_ones()
