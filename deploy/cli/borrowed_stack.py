"""The stack as commands use it: the running one, or one that is started for a while."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

import typer
from rich.console import Console

from adapters.settings import Settings
from deploy.devstack.bring_up import StackError
from deploy.devstack.stack import Stack


def shown(names: Iterator[str], console: Console) -> dict[str, float]:
    """Print each process of a stack as it answers. Return the seconds until each did.

    Blocking. When one does not come up, or the folder of the stack's data cannot be used, that is
    printed and the command ends with exit code 1.
    """
    began_s = time.monotonic()
    ready_s: dict[str, float] = {}
    try:
        for name in names:
            ready_s[name] = round(time.monotonic() - began_s, 1)
            console.print(f"  [green]up[/] {name} [dim]{ready_s[name]:.1f} s[/]")
    except (OSError, StackError) as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    return ready_s


@contextmanager
def borrowed_stack(console: Console) -> Iterator[Settings]:
    """Yield the settings of a stack that is up. One that is started here is stopped at the end."""
    # SIGTERM is treated as Ctrl-C: what was started is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stack = Stack(Settings())
    was_up = stack.supervisor.running()
    try:
        shown(chain(stack.up(), stack.await_models()), console)
        yield stack.settings
    finally:
        if not was_up:
            stack.down()
