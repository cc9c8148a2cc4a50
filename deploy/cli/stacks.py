"""The stack as commands use it: started with each part named, lent to who needs one for a while."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from adapters.settings import Settings
from deploy.devstack.stack import Stack, StackError


def started(stack: Stack, console: Console) -> Iterator[str]:
    """Names of the parts as they answer; exit code 1, with the last log lines of who did not, when one does not."""
    try:
        for part in stack.up():
            console.print(f"  [green]up[/] {part}")
            yield part
    except StackError as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from None


@contextmanager
def lent(console: Console) -> Iterator[Settings]:
    """The settings of a stack that is up: the running one, or one that is started here and stopped at the end."""
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # as Ctrl-C: what was started is stopped
    stack = Stack(Settings())
    was_up = stack.supervisor.running()
    try:
        for _ in started(stack, console):
            pass
        yield stack.settings
    finally:
        if not was_up:
            stack.down()
