"""An object of another kind, or of other bytes, ends in one stated way wherever it is read."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from adapters.http.problems import HttpProblem
from adapters.objects.lexicons import Lexicons
from adapters.objects.store import put_by_digest
from adapters.warehouse import Parameters, R
from api.sessions.rows import ObjectRow, SessionRow
from api.sessions.texts import Texts
from deploy.audit.recount import Counters
from schemas.codec import encode
from schemas.event import Pointer
from schemas.ids import SessionId, UserId
from schemas.object_kinds import ATTRIBUTED_WORDS, LEXICON, TRANSCRIBED_WORDS, TURNS, ObjectKind
from schemas.objects import AttributedWord, AttributedWords
from schemas.rejections import Reason, Rejected
from schemas.session_events import State
from tests.audit_breaks import pointed_at, world
from tests.memory_blob_store import MemoryBlobStore

JUNK = [b"", b"[]", b'{"words":7}', b"PK\3\4 and no more", b'"\xff"']
SESSION = SessionRow(
    session_id=SessionId("s"),
    owner=UserId("mei"),
    group_id="",
    state=State.COMPLETED,
    generation=1,
    recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    clock_corrected=False,
    time_zone="UTC",
    audio_ms=60_000,
    failure="",
)
WORD = AttributedWord(text="lah", start_ms=0, end_ms=1, probability=1.0, speaker=None)


class Store(MemoryBlobStore):
    """Objects, as a read side sees them."""

    def presign(self, key: str) -> str:
        return key


class Rows:
    """A warehouse that knows where the words of a session are. It has no turns."""

    def __init__(self, *pointers: Pointer) -> None:
        self._rows = [ObjectRow(one.key, one.sha256, one.size) for one in pointers]

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        assert parameters is not None
        return cast(list[R], self._rows if parameters["kind"] == "words" else [])


def words(blobs: MemoryBlobStore, window: int, body: bytes) -> Pointer:
    """An object where the words of a window are."""
    return put_by_digest(blobs, ATTRIBUTED_WORDS, body, session_id="s", window=window, generation=1)


@pytest.mark.parametrize("body", JUNK)
def test_words_that_are_none_are_said_to_be_damaged(body: bytes) -> None:
    """Before, a transcript was a 500, each time."""
    blobs = Store()
    texts = Texts(Rows(words(blobs, 0, body)), blobs)
    with pytest.raises(HttpProblem) as found:
        texts.transcript(SESSION)
    assert (found.value.status, found.value.type) == (410, "text-damaged")


def test_words_that_were_removed_are_said_to_be_gone() -> None:
    blobs = Store()
    lost = words(blobs, 0, encode(AttributedWords(words=())))
    blobs.delete([lost.key])
    with pytest.raises(HttpProblem) as found:
        Texts(Rows(lost), blobs).transcript(SESSION)
    assert (found.value.status, found.value.type) == (410, "text-gone")


@pytest.mark.parametrize("body", JUNK)
def test_speakers_have_quotes_of_the_windows_that_can_be_read(body: bytes) -> None:
    """Before, nobody could claim a voice of the talk: its speakers were a 500."""
    blobs = Store()
    good = encode(AttributedWords(words=(WORD,)))
    bodies = enumerate([good, body, good])
    rows = Rows(*(words(blobs, window, content) for window, content in bodies))
    assert Texts(rows, blobs).words_if_there(SESSION) == [WORD, WORD]


class OneOfAnotherKind:
    """Objects, of which one has other bytes under its right digest."""

    def __init__(self, blobs: MemoryBlobStore, key: str, body: bytes) -> None:
        self._blobs = blobs
        self._key = key
        self._body = body

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blobs, name)

    def get(self, pointer: Pointer) -> bytes:
        return self._body if pointer.key == self._key else self._blobs.get(pointer)


@pytest.mark.parametrize("body", JUNK)
@pytest.mark.parametrize(
    ("kind", "is_forgotten"),
    [(TRANSCRIBED_WORDS, False), (ATTRIBUTED_WORDS, True), (TURNS, False), (TURNS, True)],
)
def test_an_audit_names_an_object_of_another_kind(
    kind: ObjectKind, is_forgotten: bool, body: bytes
) -> None:
    """Before, the audit of everything ended with a traceback."""
    one = world().forgotten() if is_forgotten else world()
    key = min(filter(kind.matches, pointed_at(world())))
    one.blobs = cast(MemoryBlobStore, OneOfAnotherKind(one.blobs, key, body))
    (found,) = one.judged().differences
    assert (found.where, found.what) == (key, "the object cannot be read (object_damaged)")


def test_a_published_lexicon_that_is_none_is_damaged() -> None:
    """Before, one damaged lexicon of a group stopped the preparation of each start."""
    blobs = MemoryBlobStore()
    put_by_digest(blobs, LEXICON, b"[]", version="odd")
    with pytest.raises(Rejected) as found:
        Lexicons(blobs).get("odd")
    assert found.value.reason is Reason.OBJECT_DAMAGED
    assert Counters(blobs).of("odd") is None
