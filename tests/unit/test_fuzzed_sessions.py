"""A short run of the fuzzer of sessions; `make fuzz` has the long one, and finds its seeds."""

from pathlib import Path

import pytest

from schemas.fact_sheet import Topic
from tests.fuzz.hosted import tables
from tests.fuzz.lives import findings, phones
from tests.fuzz.test_sessions import OF_A_SESSION

MUTATED = 10
PHONES = range(1, 11)


@pytest.mark.parametrize("topic", OF_A_SESSION, ids=[topic.name for topic in OF_A_SESSION])
def test_every_session_ends_whatever_a_message_says(topic: Topic, tmp_path: Path) -> None:
    assert not findings(tables(tmp_path), topic, 1, MUTATED)


def test_every_session_ends_whatever_its_phone_does(tmp_path: Path) -> None:
    assert not phones(tables(tmp_path), PHONES)
