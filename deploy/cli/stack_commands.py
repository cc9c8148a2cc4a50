"""`lahstats up | down | status | logs | doctor`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.options import Json, answer, explained, messages, quiet_retries, refused

if TYPE_CHECKING:
    from deploy.devstack.stack import ProcessStatus

Open = Annotated[bool, typer.Option("--open", help="open the address in the browser")]
Phone = Annotated[
    bool, typer.Option("--phone", help="serve the local network over TLS; prints a QR code")
]
Lines = Annotated[int, typer.Option(min=1)]
Process = Annotated[str, typer.Argument(help="as `lahstats status` names it")]


def up(open_: Open = False, phone: Phone = False, json_: Json = False) -> None:
    """Start the stack; returns when everything answers, and while the models are loading.

    The last line is the one address that people need.
    """
    import webbrowser

    from adapters.settings import Settings
    from deploy.cli import phone_address
    from deploy.cli.borrowed_stack import shown, taken_back
    from deploy.devstack.stack import Stack

    quiet_retries()
    if phone:
        phone_address.choose()
    stack = Stack(Settings())
    console = messages()
    with taken_back(stack, console):
        ready_s = shown(stack.up(), console)
    loading = stack.loading_models()
    address = stack.settings.phone_url if phone else stack.settings.url("front")
    lines = [f"models are loading: {', '.join(loading)} (`lahstats status`)"] if loading else []
    if phone:
        lines += phone_address.for_people(stack.settings)
    urls = {name: stack.settings.url(name) for name in ("gateway", "api")}
    found = {"ready_s": ready_s, "loading": loading, "address": address, **urls}
    answer(found, json_, "\n".join([*lines, f"Open {address}"]))
    if open_:
        webbrowser.open(stack.settings.url("front"))


def down(json_: Json = False) -> None:
    """Stop everything that `up` started."""
    from adapters.settings import Settings
    from deploy.devstack.stack import Stack

    with explained("the stack does not stop"):
        Stack(Settings()).down()
    answer({"stopped": True}, json_, "stopped")


def status(json_: Json = False) -> None:
    """Every process: whether it runs, whether it answers, and what waits for its stage.

    Exit code 1 when one does not answer.
    """
    from adapters.settings import Settings
    from deploy.devstack.group_offsets import windows_waiting
    from deploy.devstack.stack import Stack
    from deploy.table_printer import as_text

    quiet_retries()
    settings = Settings()
    with explained("the stack does not say how it is"):
        processes = Stack(settings).status()
    found = windows_waiting(settings) if processes else {}
    waiting = {one.name: found.get(one.name.partition("-")[0], {}) for one in processes}
    rows = [
        (one.name, one.state, _ends(one), _answers(one), _in_words(waiting[one.name]))
        for one in processes
    ]
    down = "the stack is down: `lahstats up`"
    text = (
        as_text(("process", "state", "restarts", "", "windows that wait"), rows) if rows else down
    )
    listed = [{**asdict(one), "waiting": waiting[one.name]} for one in processes]
    answer(listed, json_, text)
    all_answer = bool(processes) and all(one.answers for one in processes)
    raise typer.Exit(0 if all_answer else 1)


def _answers(one: "ProcessStatus") -> str:
    if one.answers:
        return f"answers, {one.says}" if one.says else "answers"
    return f"does not answer: {one.says}"


def _ends(one: "ProcessStatus") -> str:
    return f"{one.restarts}, last: {one.last_exit}" if one.restarts else ""


def _in_words(waiting: Mapping[str, int]) -> str:
    parts: list[str] = []
    for kind, number in waiting.items():
        name = kind.replace("_", " ")
        parts.append(f"{number} {name}")
    return ", ".join(parts)


def logs(process: Process, lines: Lines = 50, json_: Json = False) -> None:
    """The last lines that a process wrote."""
    from adapters.settings import Settings
    from deploy.devstack.stack import Stack

    supervisor = Stack(Settings()).supervisor
    if not supervisor.log_path(process).exists():
        raise refused(f"no process {process} has run here: `lahstats status` names them")
    text = supervisor.log_tail(process, lines)
    answer({"process": process, "lines": text.splitlines()}, json_, text)


def doctor(json_: Json = False) -> None:
    """Names the missing tools, and how to get them. Exits with 1 when there are any."""
    from adapters.settings import Settings
    from deploy.devstack.doctor import findings
    from deploy.table_printer import as_text

    found = findings(Settings())
    rows = [("ok" if one.ok else "NO", one.name, "" if one.ok else one.advice) for one in found]
    answer(
        [asdict(one) for one in found],
        json_,
        as_text(("", "needed", "advice"), rows),
    )
    raise typer.Exit(0 if all(one.ok for one in found) else 1)
