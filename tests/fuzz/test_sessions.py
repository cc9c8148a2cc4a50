"""Whatever a message of a session says, the session ends, and its owner can erase it.

Messages of one topic are mutated while a session is recorded, counted, corrected and erased. The
index of the timer says when the watchdog looks. A session that is not final in the stated time is a
finding, and so is a defect that a message meets, and an erasure that finds no end.
"""

import os
from pathlib import Path

import pytest

from schemas import topics
from schemas.fact_sheet import Topic
from tests.fuzz.hosted import tables
from tests.fuzz.lives import findings, phones

EVENTS = int(os.environ.get("FUZZ_EVENTS", "2000"))
FIRST = int(os.environ.get("FUZZ_SEED", "1"))
OF_A_SESSION = [topic for topic in topics.ALL if "session_id" in topic.key]


PHONES = 1_000


@pytest.mark.timeout(3600)
def test_every_session_ends_whatever_its_phone_does(tmp_path: Path) -> None:
    assert not phones(tables(tmp_path), range(FIRST, FIRST + PHONES))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("topic", OF_A_SESSION, ids=[topic.name for topic in OF_A_SESSION])
def test_every_session_ends(topic: Topic, tmp_path: Path) -> None:
    found = findings(tables(tmp_path), topic, FIRST, EVENTS)
    print(f"{topic.name}: {EVENTS} mutated messages from seed {FIRST}")
    assert not found, found
