"""`lahstats lexicon check | diff`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from schemas.lexicon import Lexicon
from schemas.lexicon_checks import differences, parse, problems

app = typer.Typer(no_args_is_help=True, help="The words that are counted: check a file, compare two.")
Json = Annotated[bool, typer.Option("--json")]


@app.command()
def check(file: Path, json_: Json = False) -> None:
    """Everything that is wrong with FILE, with its line. Exit code 1 when there is something."""
    found = problems(file.read_bytes())
    lines = [f"{file}:{problem.line}: {problem.text}" for problem in found]
    print(json.dumps([asdict(problem) for problem in found]) if json_ else "\n".join(lines) or f"{file}: nothing is wrong")
    raise typer.Exit(1 if found else 0)


@app.command()
def diff(old: Path, new: Path, json_: Json = False) -> None:
    """Words and spellings that came (+), went (-) or changed (~)."""
    found = differences(_read(old), _read(new))
    print(json.dumps(found, ensure_ascii=False) if json_ else "\n".join(found) or "no difference")


def _read(file: Path) -> Lexicon:
    try:
        return parse(file.read_bytes())
    except ValueError as error:
        typer.echo(f"{file} cannot be used: {error}", err=True)
        raise typer.Exit(1) from None
