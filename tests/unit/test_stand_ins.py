"""The stand-ins of the fault runs: each differs from a shipped worker in one thing."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from adapters.process.clock import unix_ms
from adapters.process.retry import is_of_machine, is_out_of_memory
from consumers.diarize import step as diarize
from consumers.transcribe import step as transcribe
from schemas import codec
from tests.faults.stand_ins import BACK_S, starve, turn_back, write_as_before
from tests.golden import EXAMPLES


@pytest.fixture(autouse=True)
def undone() -> Iterator[None]:
    """A stand-in is a process of its own: here its change ends with the test."""
    yield
    patch.stopall()


def test_who_is_starved_has_memory_for_nothing() -> None:
    starve()
    for work in (vars(transcribe)["transcribe_windows"], vars(diarize)["diarize_window"]):
        with pytest.raises(RuntimeError) as met:
            work()
        assert is_of_machine(met.value)
        assert is_out_of_memory(met.value)


def test_a_late_clock_is_five_minutes_late() -> None:
    before = unix_ms()
    turn_back()
    assert (BACK_S - 60) * 1000 < before - unix_ms() <= BACK_S * 1000


def test_what_a_version_without_optional_fields_writes_is_read_as_the_same_event() -> None:
    whole = [len(codec.encode(event)) for _, event in EXAMPLES]
    write_as_before()
    written = [codec.encode(event) for _, event in EXAMPLES]
    read = [codec.decode(topic, one) for (topic, _), one in zip(EXAMPLES, written, strict=True)]
    assert read == [event for _, event in EXAMPLES]
    assert sum(map(len, written)) < sum(whole)
