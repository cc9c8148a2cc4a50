"""One stack for all tests that need one, with two workers of each model stage."""

from collections.abc import Iterator

import pytest

from tests.running_stack import RunningStack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Up for the whole session, taken down at its end."""
    with running(
        tmp_path_factory.mktemp("stack"),
        TRANSCRIBE_WORKERS="2",
        DIARIZE_WORKERS="2",
        GRACE_MS="8000",
    ) as up:
        yield up
