"""The stack as commands use it: the running one, or one that is started for a while."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from adapters.settings import Settings
from deploy.devstack.stack import Stack, StackError


def start(stack: Stack, console: Console) -> list[str]:
    """Start `stack` and return the names of its processes.

    Blocks until all of them answer; each is printed when it does. When one does not, its last
    log lines are printed and the command ends with exit code 1.
    """
    names = []
    try:
        for name in stack.up():
            console.print(f"  [green]up[/] {name}")
            names.append(name)
    except StackError as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from None
    return names


@contextmanager
def borrowed_stack(console: Console) -> Iterator[Settings]:
    """Yield the settings of a stack that is up. One that is started here is stopped at the end."""
    # SIGTERM is treated as Ctrl-C: what was started is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stack = Stack(Settings())
    was_up = stack.supervisor.running()
    try:
        start(stack, console)
        yield stack.settings
    finally:
        if not was_up:
            stack.down()
