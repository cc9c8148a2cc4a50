"""`lahstats lexicon check | diff`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.objects.lexicons import Lexicons, shipped_lexicon
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from schemas import topics
from schemas.lexicon import Entry, Lexicon, with_own
from schemas.lexicon_checks import differences, parse, problems
from schemas.people_events import GroupLexicon

app = typer.Typer(
    no_args_is_help=True, help="The words that are counted: check a file, compare two."
)
Json = Annotated[bool, typer.Option("--json")]


@app.command()
def check(file: Path, json_: Json = False) -> None:
    """Everything that is wrong with FILE, with its line. Exit code 1 when there is something."""
    found = problems(file.read_bytes())
    lines = [f"{file}:{problem.line}: {problem.text}" for problem in found]
    print(
        json.dumps([asdict(problem) for problem in found])
        if json_
        else "\n".join(lines) or f"{file}: nothing is wrong"
    )
    raise typer.Exit(1 if found else 0)


@app.command()
def diff(old: Path, new: Path, json_: Json = False) -> None:
    """Words and spellings that came (+), went (-) or changed (~)."""
    found = differences(_read(old), _read(new))
    print(json.dumps(found, ensure_ascii=False) if json_ else "\n".join(found) or "no difference")


@app.command()
def group(group_id: str, file: Path, json_: Json = False) -> None:
    """Sessions of GROUP_ID that begin from now on count the words of FILE too: {"words": [...]}, each as in the lexicon itself.

    A group's own words count where they are written as FILE spells them; the recogniser is not told of them.
    """
    try:
        own = msgspec.json.decode(file.read_bytes(), type=Own).words
        settings = Settings()
        lexicon = Lexicons(S3BlobStore(settings)).put(
            msgspec.json.encode(with_own(shipped_lexicon(), own))
        )
    except (ValueError, msgspec.MsgspecError) as error:
        typer.echo(f"{file} cannot be used: {error}", err=True)
        raise typer.Exit(1) from None
    publisher, now = KafkaPublisher(settings.kafka), unix_ms()
    event = GroupLexicon(occurred_at_ms=now, group_id=group_id, lexicon=lexicon.version)
    publisher.publish([outgoing(topics.GROUPS_LEXICONS, event)])
    publisher.close()
    found = {"group": group_id, "lexicon": lexicon.version, "own_words": len(own)}
    print(
        json.dumps(found)
        if json_
        else f"{group_id}: {len(own)} words of its own, counted as lexicon {lexicon.version} from the next session on"
    )


class Own(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of a group's own words."""

    words: tuple[Entry, ...]


def _read(file: Path) -> Lexicon:
    try:
        return parse(file.read_bytes())
    except ValueError as error:
        typer.echo(f"{file} cannot be used: {error}", err=True)
        raise typer.Exit(1) from None
