"""`lahstats count | recount`: the product's own counting, on text and on stored sessions."""

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import (
    Json,
    Since,
    answer,
    as_line,
    bar,
    explained,
    refused,
    settings_with_kafka,
    told,
)

Lexicon = Annotated[
    Path,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="the lexicon to count by; `lahstats lexicon check` must accept it",
    ),
]


def count(json_: Json = False) -> None:
    """Count the Singlish words of each line of standard input.

    Prints one JSON object for each line as it comes; with `--json` one list at the end.
    """
    from adapters.objects.lexicons import shipped_lexicon
    from deploy.cli.text_counts import counted
    from streams.tally.counter import Counter

    if sys.stdin is None:
        raise refused("standard input is closed: name a file, as in `lahstats count < talk.txt`")
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # bytes that are no text count as nothing
    lines = counted(sys.stdin, Counter(shipped_lexicon()))
    if json_:
        answer(list(lines), True, "")
        return
    for words in lines:
        told(as_line(words))


def recount(lexicon: Lexicon, since: Since = None, json_: Json = False) -> None:
    """Count stored sessions again by another lexicon.

    Nothing is transcribed again; claims and totals follow.
    """
    from dataclasses import asdict

    from deploy.cli import recounting

    settings = settings_with_kafka()
    day = since.date() if since else None
    with explained(lexicon), bar("counting again") as progress:
        done = recounting.recount(settings, lexicon, day, progress)
    answer(asdict(done), json_, done.sentence())
