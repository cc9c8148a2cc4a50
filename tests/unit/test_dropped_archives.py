"""A ZIP that nobody takes to its end ends without an error, whatever is forgotten first."""

import gc
import sys

import pytest

from api.my_data.archive import Archive


def forgotten(held: list[object]) -> None:
    """In a circle, so that the collector says what of it ends first."""
    held.append(held)


@pytest.fixture
def errors(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Errors at the end of something, which nobody can catch."""
    found: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", found.append)
    return found


def test_one_that_nobody_began_to_take(errors: list[object]) -> None:
    archive = Archive()
    archive.text("README.txt", "hello")
    forgotten([archive])
    del archive
    gc.collect()
    assert errors == []


def test_one_that_nobody_goes_on_with(errors: list[object]) -> None:
    archive = Archive()
    pieces = archive.text_in_parts("objects.csv", ["a", "b"])
    list(archive.pieces())
    forgotten([archive, pieces, next(pieces, b"")])
    del archive, pieces
    gc.collect()
    assert errors == []
