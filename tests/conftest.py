"""Fixtures of every suite. Imports nothing heavy: a unit test file starts in a second."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import hypothesis
import pytest
import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter
    from structlog.typing import Processor

    from deploy.demo.playback import Played
    from deploy.devstack.running_stack import RunningStack
    from tests.played import Shared
    from tests.served_sides import Sides


def pytest_configure() -> None:
    """No example has a deadline, and logs are lines of JSON, as they are in a process.

    A slow machine is no defect: an example of 0.2 s failed a test where eight programs ran. Other
    logs draw every local variable of an exception, which took seconds there.
    """
    hypothesis.settings.register_profile("unhurried", hypothesis.settings(), deadline=None)
    hypothesis.settings.load_profile("unhurried")
    _configure_logs()


def pytest_runtest_teardown() -> None:
    """A command that ran in the test has made the logs of this process quiet."""
    _configure_logs()


def _configure_logs() -> None:
    plain: list[Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
    structlog.reset_defaults()
    structlog.configure(processors=plain)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The write side waits 20 ms for the answer of a fold."""
    monkeypatch.setattr("producers.gateway.responses.ANSWER_WAIT_S", 0.02)


@pytest.fixture(scope="module")
def served_sides() -> Iterator[Sides]:
    """Both HTTP sides on sockets: use `sides`."""
    from tests.served_sides import served_sides

    with served_sides() as found:
        yield found


@pytest.fixture
def sides(served_sides: Sides) -> Sides:
    """Both HTTP sides on sockets, as if nobody had asked them anything yet."""
    served_sides.begin()
    return served_sides


@pytest.fixture
def short_path() -> Iterator[Path]:
    """An empty folder whose name leaves room for a socket. `tmp_path` is too long side by side."""
    with TemporaryDirectory(prefix="lahstats-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def stack_settings() -> dict[str, str]:
    """Settings of the stack beside those of every suite, without their prefix."""
    return {}


@pytest.fixture(scope="session")
def stack(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    stack_settings: dict[str, str],
) -> Iterator[RunningStack]:
    """One stack, up for the whole session.

    Each model stage has two workers in a run with a test that asks for them, and else one.
    """
    from adapters.objects.s3 import S3BlobStore
    from deploy.devstack.running_stack import running
    from schemas.object_kinds import kind_of

    asks = any(item.get_closest_marker("two_workers") for item in request.session.items)
    count = "2" if asks else "1"
    workers = {"TRANSCRIBE_WORKERS": count, "DIARIZE_WORKERS": count}
    settings = {"GRACE_MS": "8000", **workers, **stack_settings}
    with running(tmp_path_factory.mktemp("stack"), **settings) as up:
        yield up
        undeclared = [key for key in S3BlobStore(up.settings).keys("") if kind_of(key) is None]
        assert undeclared == [], "every key is of a kind in schemas/object_kinds.py"


@pytest.fixture(scope="session")
def first(stack: RunningStack) -> Shared:
    """A recording that nothing disturbs, counted and claimed: tests compare others with it.

    It is played before anything disturbs the stack.
    """
    from tests.played import WHOLE, played_by_workers

    return played_by_workers(stack, WHOLE)


@pytest.fixture(scope="session")
def undisturbed(first: Shared) -> Played:
    """The same, without who worked on it."""
    return first.played


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks each test that uses the shared stack, so that the others can run beside them."""
    if "stack" in getattr(item, "fixturenames", ()):
        item.add_marker("on_the_stack")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests marked `early` before all others of the run, after the order was made random."""
    items.sort(key=_rank)


LATE = 3
"""The rank of a test that is not marked."""


def _rank(item: pytest.Item) -> int:
    mark = item.get_closest_marker("early")
    return mark.kwargs.get("rank", 1) if mark else LATE


def pytest_terminal_summary(
    terminalreporter: TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Prints what repeats the order of a run that failed; `-q` hides the header that says it."""
    seed = config.getoption("randomly_seed", None)  # there is none with `-p no:randomly`
    if exitstatus and seed is not None:
        terminalreporter.write_line(f"in this order again: --randomly-seed={seed}")
