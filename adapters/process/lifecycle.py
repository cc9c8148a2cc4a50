"""The life of a process in its log: one JSON line at start, when it is ready, and at stop.

A process that does not come up is read about here: which version it is, what it was told, and
what it waits for. The health port says the same to probes, from the first moment on.
"""

import atexit
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from types import TracebackType
from typing import NoReturn

from pydantic import SecretStr

from adapters.process import health, logs
from adapters.process.retry import stop_waiting
from adapters.process.worker_number import take_number
from adapters.settings import Settings
from schemas.stage_kinds import Stage

LOOK_S = 0.1
"""Between two looks whether the process is ready, until it is. Nobody looks after that."""
HIDDEN = re.compile("secret|password|key")
CREDENTIALS = re.compile("//[^/@]*@")


class Lifecycle:
    """One process from its start on. `begin` makes it."""

    def __init__(self, settings: Settings, stage: Stage) -> None:
        self.settings = settings
        self.stage = stage
        self._began_s = time.monotonic()
        self._waits_for: Callable[[], str] = lambda: "start"
        self._ready: health.Ready = lambda: False
        self._degraded: Callable[[], str] = lambda: ""

    def waits_for(self, what: Callable[[], str] | str) -> None:
        """Say what the process waits for until it is ready. Probes are told.

        Does not block, and neither may `what`, which is called from several threads.
        """
        if callable(what):
            self._waits_for = what
        else:
            self._waits_for = lambda: what

    def ready_when(
        self,
        ready: health.Ready,
        waits_for: Callable[[], str] | str,
    ) -> None:
        """From now on `ready` says whether the process is ready, and `waits_for` why it is not.

        Does not block. Neither may they, which are called from several threads. A line is
        logged when it holds for the first time.
        """
        self._ready = ready
        self.waits_for(waits_for)
        threading.Thread(target=self._await_ready, name="await-ready", daemon=True).start()

    def degraded_while(self, without: Callable[[], str]) -> None:
        """`without` names what a ready process works without; empty: nothing. Must not block."""
        self._degraded = without

    # The health port is open before the process knows what it waits for. It gets these three, which
    # ask for what was said last.

    def _without(self) -> str:
        return self._degraded()

    def _is_ready(self) -> bool:
        return self._ready()

    def _reason(self) -> str:
        return self._waits_for()

    def _await_ready(self) -> None:
        while not self._ready():
            time.sleep(LOOK_S)
        logs.logger().info("process_ready", ms=self._age_ms())

    def _age_ms(self) -> int:
        return round((time.monotonic() - self._began_s) * 1000)

    def start(self) -> None:
        """Write the line of the start, and open the health port if there is one."""
        logs.logger().info(
            "process_started",
            stage=self.stage.name.value,
            worker=self.settings.worker,
            version=version("lahstats"),
            settings=public(self.settings),
        )
        if self.settings.health_port:
            health.serve_on(
                self.settings.host,
                self.settings.health_port,
                self._is_ready,
                self._reason,
                self._without,
            )

    def end(self, code: object = 0) -> NoReturn:
        """End the process at once, whatever its threads do. `code` is that of a SystemExit."""
        self.stop()
        os._exit(exit_status(code))

    def stop(self) -> None:
        """Write the line of the end."""
        logs.logger().info("process_stopped", ms=self._age_ms())


def begin(settings: Settings, stage: Stage) -> Lifecycle:
    """Call first in `main`. Configures the log, writes the line of the start, opens the port.

    The settings of the process that it returns are those to go on with (`numbered`).

    The line of the end is written when the interpreter ends, for whatever reason it does; SIGKILL
    alone leaves none. SIGTERM ends the process until its `main` handles it. An error that nobody
    caught is logged as JSON as well.
    """
    settings = numbered(settings, stage)
    name = stage.name.value
    if stage.has_workers:
        name = f"{name}-{settings.worker}"
    logs.configure(name)
    signal.signal(signal.SIGTERM, _end)
    sys.excepthook = _log_failure
    process = Lifecycle(settings, stage)
    atexit.register(process.stop)  # first: SIGTERM may come right after the line of the start
    process.start()
    return process


def numbered(settings: Settings, stage: Stage) -> Settings:
    """Return the settings with the number that this process takes, when it has to take one."""
    if settings.workers_dir is None:
        return settings
    worker = take_number(settings.workers_dir, stage.name)
    return settings.model_copy(update={"worker": worker})


def exit_status(code: object) -> int:
    """Return the exit status of a process that ends with SystemExit(code), as Python has it.

    A number is the status itself. None is 0, and anything else, such as a message, is 1.
    """
    if code is None:
        return 0
    if isinstance(code, int):
        return code
    return 1


def _end(*_: object) -> NoReturn:
    stop_waiting()  # a thread that waits for a server would be waited for
    sys.exit(0)


def _log_failure(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logs.logger().error("process_failed", error=kind.__name__, exc_info=(kind, error, trace))


def public(settings: Settings) -> dict[str, object]:
    """Return the settings as a log may hold them: no secret, and no credentials inside a URL."""
    shown: dict[str, object] = {}
    for name, value in settings.model_dump(mode="json").items():
        is_secret = isinstance(getattr(settings, name), SecretStr)
        if is_secret or HIDDEN.search(name):
            continue
        is_text = isinstance(value, str)
        shown[name] = CREDENTIALS.sub("//", value) if is_text else value
    return shown
