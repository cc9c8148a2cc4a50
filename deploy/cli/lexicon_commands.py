"""`lahstats lexicon check | diff | group`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from deploy.amounts import amount
from deploy.cli.options import File, Json, answer, explained, refused, settings_with_kafka

if TYPE_CHECKING:
    from schemas.lexicon import Lexicon

app = typer.Typer(
    no_args_is_help=True, help="The words that are counted: check a file, compare two."
)


@app.command()
def check(file: File, json_: Json = False) -> None:
    """Everything that is wrong with FILE, with its line. Exit code 1 when there is something."""
    from schemas.lexicon_checks import problems

    wrong = problems(file.read_bytes())
    lines = [f"{file}:{problem.line}: {problem.text}" for problem in wrong]
    text = "\n".join(lines) or f"{file}: nothing is wrong"
    answer([asdict(problem) for problem in wrong], json_, text)
    raise typer.Exit(1 if wrong else 0)


@app.command()
def diff(old: File, new: File, json_: Json = False) -> None:
    """Words and spellings that came (+), went (-) or changed (~)."""
    from schemas.lexicon_checks import differences

    changes = differences(_read(old), _read(new))
    answer(changes, json_, "\n".join(changes) or "no difference")


@app.command()
def group(group_id: str, file: File, json_: Json = False) -> None:
    """Count the words of FILE too in sessions of GROUP_ID that begin from now on.

    FILE is {"words": [...]}, each as in the lexicon itself. A group's own words count where they
    are written as FILE spells them; the recogniser is not told of them.
    """
    import msgspec

    from deploy.cli.group_lexicon import extended, set_own_words

    settings = settings_with_kafka()
    try:
        lexicon = extended(file.read_bytes())
    except (ValueError, msgspec.MsgspecError) as error:
        raise _refused(file, error) from None
    with explained(group_id):
        done = set_own_words(settings, group_id, lexicon)
    own_words = amount(done.own_words, "word", "words")
    text = (
        f"{group_id}: {own_words} of its own, "
        f"counted as lexicon {done.lexicon} from the next session on"
    )
    answer(asdict(done), json_, text)


def _read(file: Path) -> "Lexicon":
    from schemas.lexicon_checks import parse

    try:
        return parse(file.read_bytes())
    except ValueError as error:
        raise _refused(file, error) from None


def _refused(file: Path, error: Exception) -> typer.Exit:
    return refused(f"{file} cannot be used: {error}")
