"""The stack as commands use it: the running one, or one that is started for a while."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from rich.console import Console

from adapters.settings import Settings
from deploy.cli.options import refused
from deploy.devstack.interruptions import undisturbed
from deploy.devstack.obstacles import StackError
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
        raise refused(str(error)) from None
    return ready_s


@contextmanager
def taken_back(stack: Stack, console: Console) -> Iterator[None]:
    """Stop what is started meanwhile when somebody ends the command before the block's end.

    A stack that was up stays so.
    """
    was_up = stack.supervisor.running()
    try:
        yield
    except KeyboardInterrupt:
        if not was_up:
            _stop(stack, console)
        raise


def _stop(stack: Stack, console: Console) -> None:
    console.print("  [dim]stopping what was started here[/]")
    with undisturbed():
        stack.down()


@contextmanager
def borrowed_stack(console: Console) -> Iterator[Settings]:
    """Yield the settings of a stack that is up. One that is started here is stopped at the end."""
    stack = Stack(Settings())
    was_up = stack.supervisor.running()
    try:
        shown(chain(stack.up(), stack.await_models()), console)
        yield stack.settings
    finally:
        if not was_up:
            _stop(stack, console)
