"""An object that another version wrote is judged by what it says, and not by its bytes."""

import hashlib
from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from schemas.codec import encode
from schemas.object_kinds import ATTRIBUTED_WORDS
from schemas.objects import AttributedWords
from tests import recorded_sessions
from tests.audited import Audited, audited
from tests.faults.stand_ins import ENCODER, as_before

Write = Callable[[AttributedWords], bytes]


def as_an_older_version(words: AttributedWords) -> bytes:
    """It had no field that may be left out."""
    return ENCODER.encode(as_before(words))


def with_another_speaker(words: AttributedWords) -> bytes:
    first, *others = words.words
    return encode(AttributedWords(words=(replace(first, speaker=None), *others)))


def with_another_neighbour(words: AttributedWords) -> bytes:
    first, *others = words.after
    return encode(replace(words, after=(replace(first, speaker=None), *others)))


@pytest.mark.parametrize(
    ("write", "found"),
    [
        (as_an_older_version, 0),
        (with_another_speaker, 1),
        (with_another_neighbour, 1),
    ],
    ids=["older", "other", "other neighbour"],
)
def test_words_are_judged_by_what_they_say(write: Write, found: int) -> None:
    """Before, every session that an older version had counted differed after an upgrade."""
    one = audited(recorded_sessions.claimed())
    written_again(one, write)
    assert len(one.judged().differences) == found


def written_again(one: Audited, write: Write) -> None:
    """The words of a window are written otherwise, with a log and rows that say so."""
    number, event = next((n, e) for n, e in one.facts.attributed.items() if e.words is not None)
    assert event.words is not None
    before = event.words.key
    body = write(msgspec.json.decode(one.blobs.get(event.words), type=AttributedWords))
    key = before.replace(event.words.sha256, hashlib.sha256(body).hexdigest())
    stored = one.blobs.put(key, body, ATTRIBUTED_WORDS.content_type)
    one.facts.attributed[number] = replace(event, words=stored)
    rows = one.rows.objects
    place = next(n for n, row in enumerate(rows) if row.key == before)
    rows[place] = replace(rows[place], key=stored.key)
    one.blobs.delete([before])
