"""`lahstats count | recount`: the product's own counting, on text and on stored sessions."""

import json
import sys
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import Json, answer, explained, messages, settings_with_kafka

Lexicon = Annotated[
    Path,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="the lexicon to count by; `lahstats lexicon check` must accept it",
    ),
]
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="only sessions recorded on this day or later (UTC)"),
]


def count(json_: Json = False) -> None:
    """Count the Singlish words of each line of standard input.

    Prints one JSON object for each line as it comes; with `--json` one list at the end.
    """
    from adapters.objects.lexicons import shipped_lexicon
    from deploy.cli.text_counts import counted
    from streams.tally.counter import Counter

    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # bytes that are no text count as nothing
    lines = counted(sys.stdin, Counter(shipped_lexicon()))
    if json_:
        answer(list(lines), True, "")
        return
    for words in lines:
        print(json.dumps(words, ensure_ascii=False), flush=True)


def recount(lexicon: Lexicon, since: Since = None, json_: Json = False) -> None:
    """Count stored sessions again by another lexicon.

    Nothing is transcribed again; claims and totals follow.
    """
    from dataclasses import asdict

    from rich.progress import Progress

    from deploy.cli import recounting

    settings = settings_with_kafka()
    day = since.date() if since else None
    with explained(lexicon), Progress(console=messages()) as progress:
        task = progress.add_task("counting again", total=None)
        done = recounting.recount(
            settings,
            lexicon,
            day,
            lambda done, all_: progress.update(task, completed=done, total=all_),
        )
    answer(asdict(done), json_, done.sentence())
