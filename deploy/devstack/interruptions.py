"""Ctrl-C, SIGTERM and a terminal that closes: when they end a command, and when they wait."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_as_by_ctrl_c() -> None:
    """Let SIGTERM and SIGHUP raise KeyboardInterrupt, so that what was started is stopped.

    A signal that is ignored, as `nohup` wants it, stays so.
    """
    for name in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, signal.default_int_handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let them wait until the block has ended: a second Ctrl-C would leave processes behind.

    They are not ignored: children would inherit that. Does nothing on other threads than the main
    one, which get none of them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {name: signal.getsignal(name) for name in ENDS}
    for name in ENDS:
        signal.signal(name, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
        if came:
            signal.raise_signal(came[-1])
