"""`lahstats`: the stack, the phone, the demo, tokens and dead letters. `--json` prints one document on stdout."""

import json
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import stamina
import typer
from rich.console import Console
from rich.progress import Progress

from adapters.http import tokens
from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from deploy.cli import benchmarks, dead_letters, lexicons, recounting
from deploy.cli import doctor as doctors
from deploy.cli.counting import counted
from deploy.cli.stacks import lent, started
from deploy.demo import playback as demos
from deploy.demo.phone_session import record as play_file
from deploy.demo.phone_session import steadily
from deploy.devstack.stack import Stack
from deploy.seeding.seed import seed
from deploy.uuid7 import uuid7
from producers.phone.client import Phone, UploadRejected
from streams.tally.counter import Counter

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.add_typer(dead_letters.app, name="dlq")
app.add_typer(lexicons.app, name="lexicon")
app.add_typer(benchmarks.app, name="benchmark")
Json = Annotated[
    bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")
]
Open = Annotated[bool, typer.Option("--open", help="in the browser")]
OfSession = Annotated[
    str, typer.Option(metavar="ID", help="the story of one recording, where its voices are claimed")
]
OfGroup = Annotated[str, typer.Option(metavar="ID", help="the story of a group")]
People = Annotated[
    bool, typer.Option("--people", help="a made-up year of people instead of a recording")
]
Recording = Annotated[Path | None, typer.Argument(help="any recording; not needed with --people")]
Speed = Annotated[float, typer.Option(help="times real time")]
console = Console(stderr=True)


@app.callback()
def quietly() -> None:
    """Lahstats on this machine."""
    # The library that retries would write its log to stdout, where only the document may be.
    stamina.instrumentation.set_on_retry_hooks([])


def _print(document: Any, as_json: bool, text: str) -> None:
    print(json.dumps(document, ensure_ascii=False) if as_json else text)


@app.command()
def up(json_: Json = False) -> None:
    """Start the stack; returns when every part answers."""
    stack = Stack(Settings())
    parts = list(started(stack, console))
    urls = {name: stack.settings.url(name) for name in ("gateway", "api")}
    _print(
        {"parts": parts, **urls}, json_, "\n".join(f"{name} {url}" for name, url in urls.items())
    )


@app.command()
def down(json_: Json = False) -> None:
    """Stop everything that `up` started."""
    Stack(Settings()).down()
    _print({"stopped": True}, json_, "stopped")


@app.command()
def status(json_: Json = False) -> None:
    """Every part: whether it runs, whether it answers. Exit code 1 when one does not."""
    parts = Stack(Settings()).status()
    lines = [
        f"{p.name:14} {p.state:10} {'answers' if p.answers else 'does not answer'}" for p in parts
    ]
    _print(
        [asdict(p) for p in parts], json_, "\n".join(lines) or "the stack is down: `lahstats up`"
    )
    raise typer.Exit(0 if parts and all(p.answers for p in parts) else 1)


@app.command()
def logs(part: str, lines: int = 50, json_: Json = False) -> None:
    """The last lines that a part wrote."""
    text = Stack(Settings()).supervisor.log_tail(part, lines)
    _print({"part": part, "lines": text.splitlines()}, json_, text)


@app.command()
def doctor(json_: Json = False) -> None:
    """What is missing on this machine, and how to get it."""
    found = doctors.findings(Settings())
    lines = [
        f"{'ok ' if f.ok else 'NO '} {f.name}" + ("" if f.ok else f": {f.advice}") for f in found
    ]
    _print([asdict(f) for f in found], json_, "\n".join(lines))
    raise typer.Exit(0 if all(f.ok for f in found) else 1)


@app.command()
def token(user: str = demos.OWNER, hours: int = 24, json_: Json = False) -> None:
    """A signed token for local use; refused outside development."""
    try:
        signed = tokens.sign_user(Settings(), user, hours * 3600)
    except PermissionError as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from None
    _print({"token": signed, "user": user}, json_, signed)


@app.command()
def wrapped(
    user: str = demos.OWNER,
    period: str = "year",
    session: OfSession = "",
    group: OfGroup = "",
    open_: Open = False,
    json_: Json = False,
) -> None:
    """Where a Wrapped can be looked at, on a stack that is up: the user's, a session's or a group's. The address is for this machine and a day."""
    settings = Settings()
    asked = (
        f"session={session}"
        if session
        else f"group={group}&period={period}"
        if group
        else f"period={period}"
    )
    url = (
        f"{settings.url('api')}/wrapped?{asked}#token={tokens.sign_user(settings, user, 24 * 3600)}"
    )
    if open_:
        webbrowser.open(url)
    _print({"url": url, "user": user}, json_, url)


@app.command()
def record(file: Path, speed: Speed = 1.0, user: str = demos.OWNER, json_: Json = False) -> None:
    """Upload FILE as a phone does, to a stack that is up."""
    settings, session_id = Settings(), str(uuid7())
    phone = Phone(settings.url("gateway"), tokens.sign_user(settings, user, 24 * 3600))
    with _explained(file):
        audio_s = play_file(
            phone, session_id, file, steadily(speed), lambda s: console.print(f"  {s:.0f} s sent")
        )
    _print(
        {"session_id": session_id, "audio_s": audio_s},
        json_,
        f"session {session_id}: {audio_s:.0f} s sent",
    )


@app.command()
def demo(
    file: Recording = None,
    speed: Speed = 8.0,
    speakers: int | None = None,
    people: People = False,
    json_: Json = False,
) -> None:
    """Play FILE through the whole path and show who said what. Starts the stack when it is down, and stops it again.

    `--people` makes up a year of 200 people in 20 groups instead, without audio.
    """
    if people:
        _seed(json_)
        return
    if file is None:
        raise typer.BadParameter("name a recording, or ask for `--people`")
    with lent(console) as settings, _explained(file):
        played = demos.play(settings, file, speed, console, speakers)
    if json_:
        print(json.dumps(played.document(), ensure_ascii=False))
    else:
        demos.show(played, Console())


def _seed(as_json: bool) -> None:
    with lent(console) as settings, Progress(console=console) as progress:
        task = progress.add_task("a year of people", total=None)
        found = seed(settings, lambda done, all_: progress.update(task, completed=done, total=all_))
    text = "{people} people in {groups} groups, {sessions} sessions, {words} counted words; you are {you}: `lahstats up`, then `lahstats wrapped`"
    _print(found, as_json, text.format(**found))


@app.command()
def count() -> None:
    """Count the Singlish words of each line of standard input; prints one JSON object a line."""
    for words in counted(sys.stdin, Counter(shipped_lexicon())):
        print(json.dumps(words, ensure_ascii=False), flush=True)


@app.command()
def recount(
    lexicon: Annotated[
        Path,
        typer.Option(help="the lexicon to count by: a file as `lahstats lexicon check` likes it"),
    ],
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="only sessions recorded on this day or later (UTC)"
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Count stored sessions again by another lexicon. Nothing is heard again; claims and totals follow."""
    with _explained(lexicon), Progress(console=console) as progress:
        task = progress.add_task("counting again", total=None)
        day = since.date() if since else None
        found = recounting.recount(
            Settings(),
            lexicon,
            day,
            lambda done, all_: progress.update(task, completed=done, total=all_),
        )
    before = ", ".join(f"{n} from {version or 'none'}" for version, n in found["from"].items())
    _print(
        found,
        json_,
        f"{found['sessions']} sessions counted again by {found['lexicon']}"
        + (f" ({before})" if before else ""),
    )


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, UploadRejected, TimeoutError, ValueError) as error:
        console.print(f"[red]{file}: {error}[/]")
        raise typer.Exit(1) from None


if __name__ == "__main__":
    sys.exit(app())
