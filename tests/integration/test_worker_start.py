"""A streams worker gets ready however often it is asked while it starts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.devstack.running_stack import RESTART_TIMEOUT_S, RunningStack
from deploy.waiting import until

STARTS = 3
PROBES = 6
"""At a time. With so many that looked into the worker, one start in two never got ready."""


@contextmanager
def probed(stack: RunningStack) -> Iterator[None]:
    """Readiness asked without a pause by several clients."""
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            stack.answers("streams")

    probes = [threading.Thread(target=ask) for _ in range(PROBES)]
    for probe in probes:
        probe.start()
    try:
        yield
    finally:
        over.set()
        for probe in probes:
            probe.join()


def test_probes_do_not_keep_a_worker_from_starting(stack: RunningStack) -> None:
    with probed(stack):
        for _ in range(STARTS):
            stack.stack.supervisor.stop(["streams"])
            stack.stack.supervisor.start(["streams"])
            until(lambda: stack.answers("streams"), bool, RESTART_TIMEOUT_S)
