"""`lahstats token | wrapped | record | demo`: one recording, and what becomes of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.amounts import amount
from deploy.cli.options import (
    ANSWER_S,
    DEMO_OWNER,
    File,
    Json,
    answer,
    bar,
    explained,
    messages,
    quiet_retries,
    refused,
)
from schemas.limits import HINT

if TYPE_CHECKING:
    from adapters.settings import Settings

DAY_S = 24 * 3600
CLOCK_MS = 2_000
"""A phone of the demo says that it began to record so long before its first request, at most."""
Open = Annotated[bool, typer.Option("--open", help="in the browser")]
OfSession = Annotated[
    str, typer.Option(metavar="ID", help="the story of one recording, where its voices are claimed")
]
OfGroup = Annotated[str, typer.Option(metavar="ID", help="the story of a group")]


def _period(text: str) -> str:
    """The text, if it is a period. Raises BadParameter."""
    from schemas.days import PERIODS, bounds
    from schemas.limits import FIRST_DAY

    try:
        bounds(text, today=FIRST_DAY)
    except ValueError:
        raise typer.BadParameter(f"a period is {PERIODS}") from None
    return text


Period = Annotated[str, typer.Option(parser=_period, metavar="PERIOD")]
People = Annotated[
    bool, typer.Option("--people", help="a made-up year of people instead of a recording")
]
Recording = Annotated[
    Path | None,
    typer.Argument(exists=True, dir_okay=False, help="any recording; not needed with --people"),
]
Hours = Annotated[int, typer.Option(min=1, help="how long it is good")]
Speed = Annotated[float, typer.Option(min=0.1, help="times real time")]
Speakers = Annotated[
    int | None,
    typer.Option(min=HINT.least, max=HINT.most, help="how many people talk, when you know it"),
]


def token(user: str = DEMO_OWNER, hours: Hours = 24, json_: Json = False) -> None:
    """A signed token for local use; refused outside development."""
    from adapters.http.signing import sign_user
    from adapters.settings import Settings
    from schemas.ids import user_id_of

    try:
        signed = sign_user(Settings(), user_id_of(user), hours * 3600)
    except (PermissionError, FileNotFoundError, ValueError) as error:
        raise refused(str(error)) from None
    answer({"token": signed, "user": user}, json_, signed)


def wrapped(
    user: str = DEMO_OWNER,
    period: Period = "year",
    session: OfSession = "",
    group: OfGroup = "",
    open_: Open = False,
    json_: Json = False,
) -> None:
    """The address of a Wrapped on a stack that is up: a user's, a session's or a group's.

    It leads over the page that signs in as that user, on a developer's machine only.
    """
    import webbrowser
    from urllib.parse import urlencode

    from adapters.settings import Settings
    from schemas.ids import user_id_of

    if session and group:
        raise typer.BadParameter("a story is of a recording or of a group, not of both")
    with explained("--user"):
        user_id_of(user)
    after = f"/wrapped?{urlencode(_asked(period, session, group))}"
    url = f"{Settings().url('front')}/sign-in?{urlencode({'as': user, 'after': after})}"
    if open_:
        webbrowser.open(url)
    answer({"url": url, "user": user}, json_, url)


def _asked(period: str, session: str, group: str) -> dict[str, str]:
    if session:
        return {"session": session}
    if group:
        return {"group": group, "period": period}
    return {"period": period}


def record(file: File, speed: Speed = 1.0, user: str = DEMO_OWNER, json_: Json = False) -> None:
    """Upload FILE as a phone does, to a stack that is up."""
    from adapters.http.signing import sign_user
    from adapters.settings import Settings
    from deploy.demo import phone_session
    from deploy.uuid7 import new_session_id
    from producers.phone.client import Phone

    quiet_retries()
    settings = Settings()
    console = messages()
    session_id = new_session_id()
    pace = phone_session.steadily(speed)
    with explained(file):
        token_ = sign_user(settings, user, DAY_S)
        _ask_gateway(settings)
        phone = Phone(settings.url("gateway"), token_)
        audio_s = phone_session.record(
            phone, session_id, file, pace, lambda s: console.print(f"  {s:.0f} s sent")
        )
    text = f"session {session_id}: {audio_s:.0f} s sent"
    answer({"session_id": session_id, "audio_s": audio_s}, json_, text)


def _ask_gateway(settings: "Settings") -> None:
    """Raise ValueError when nobody listens there: a phone would try again for ever."""
    from deploy.waiting import listens

    if not listens(settings.host, settings.port("gateway"), ANSWER_S):
        url = settings.url("gateway")
        raise ValueError(f"no gateway listens on {url}: `lahstats up` starts it")


def demo(
    file: Recording = None,
    speed: Speed = 8.0,
    speakers: Speakers = None,
    people: People = False,
    json_: Json = False,
) -> None:
    """Play FILE through the whole path and show who said what, then audit it.

    Exits with 1 when the audit finds a difference. Starts the stack when it is down, and stops it
    again. `--people` makes up a year of 200 people in 20 groups instead, without audio.
    """
    quiet_retries()
    if people:
        _make_up_a_year(json_)
    elif file is None:
        raise typer.BadParameter("name a recording, or ask for `--people`")
    else:
        _play(file, speed, speakers, json_)


def _play(file: Path, speed: float, speakers: int | None, as_json: bool) -> None:
    from rich.console import Console

    from adapters.process.clock import unix_ms
    from deploy.audit.audit import audit_at_rest
    from deploy.cli.borrowed_stack import borrowed_stack
    from deploy.demo import phone_session, playback, printout

    with explained(file):
        phone_session.check(file)
    console = messages()
    began_ms = unix_ms() - CLOCK_MS
    with borrowed_stack(console) as settings, explained(file):
        played = playback.play(settings, file, speed, console, speakers)
        report = audit_at_rest(settings, began_ms)
    if as_json:
        answer({**played.document(), "audit": report.document()}, True, "")
    else:
        printout.show(played, Console())
        print(*report.lines(), sep="\n")
    raise typer.Exit(1 if report.differences or report.moving else 0)


def _make_up_a_year(as_json: bool) -> None:
    from dataclasses import asdict

    from deploy.cli.borrowed_stack import borrowed_stack
    from deploy.seeding.seed import seed

    with borrowed_stack(messages()) as settings, bar("a year of people") as progress:
        year = seed(settings, progress)
    talks = amount(year.sessions, "session", "sessions")
    words = amount(year.words, "counted word", "counted words")
    text = (
        f"{year.people} people in {year.groups} groups, {talks}, "
        f"{words}; you are {year.you}: `lahstats up`, then `lahstats wrapped`"
    )
    answer(asdict(year), as_json, text)
