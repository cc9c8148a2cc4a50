"""`lahstats generate`: every file that is made from the code."""

from typing import Annotated

import typer

from deploy.cli.options import Json, answer, write_file

Check = Annotated[
    bool, typer.Option("--check", help="change nothing; exit code 1 when a file is stale")
]
Publish = Annotated[
    bool,
    typer.Option("--publish", help="make the present event schemas the ones that may not break"),
]


def generate(check: Check = False, publish: Publish = False, json_: Json = False) -> None:
    """Write every generated file: schemas, dashboards, OpenAPI, the diagram of ARCHITECTURE.md.

    With `--check`: name the files that are stale, and the events that a reader of their published
    version would not understand any more.
    """
    from deploy.generators import registry
    from schemas import compatibility

    stale = registry.stale()
    if check:
        wrong = [f"stale: {path} (run `lahstats generate`)" for path in stale]
        wrong += compatibility.problems()
        answer(wrong, json_, "\n".join(wrong) or "every generated file is up to date")
        raise typer.Exit(1 if wrong else 0)
    for path, text in stale.items():
        write_file(path, text)
    if publish:
        write_file(compatibility.PUBLISHED, compatibility.present_text())
    names = [str(path) for path in stale]
    answer(names, json_, "\n".join(f"wrote {name}" for name in names) or "nothing was stale")
