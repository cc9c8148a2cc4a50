"""Fixtures that unit tests of several modules ask for."""

import pytest


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The write side waits 20 ms for the answer of a fold."""
    monkeypatch.setattr("producers.gateway.responses.ANSWER_WAIT_S", 0.02)
