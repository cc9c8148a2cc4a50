"""The file with everything of a person who recorded much: nobody holds all of it in memory."""

import hashlib
import io
import json
import tracemalloc
import zipfile

from adapters.warehouse import Parameters, R
from api.my_data.service import MyData, SessionIdRow
from schemas.ids import SessionId, UserId
from schemas.limits import MIB
from schemas.object_kinds import ATTRIBUTED_WORDS, CHUNK, JSON
from schemas.rejections import Reason, Rejected

SESSION = SessionId("0192f3c4-5b6a-7c8d-9e0f-000000000001")
SESSIONS = 30
TEXTS = 30
WORDS = 3_000
"""Of a text. All of them together are some ten hours of talk, and 4 MB."""


class OneSession:
    """A warehouse with one session of the person, and no other row."""

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        return [row(session_id=SESSION)] if row is SessionIdRow else []


class ManyTexts:
    """An object store with the texts of that session. Each is made when it is read."""

    def __init__(self) -> None:
        self.read = 0
        words = [{"text": f"lah WINDOW {n}", "start_ms": n} for n in range(WORDS)]
        self._like_all = json.dumps({"words": words})

    def keys(self, prefix: str) -> list[str]:
        keys = [
            ATTRIBUTED_WORDS.key(session_id=SESSION, window=n, sha256="a" * 64)
            for n in range(TEXTS)
        ]
        return [key for key in keys if key.startswith(prefix)]

    def whole(self, key: str) -> tuple[bytes, str]:
        self.read += 1
        return self._like_all.replace("WINDOW", key[-80:-74]).encode(), JSON


def test_texts_are_written_one_by_one() -> None:
    texts = ManyTexts()
    tracemalloc.start()
    try:
        taken = [len(piece) for piece in MyData(OneSession(), texts).file(UserId("mei"))]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(taken)
    assert most < 6 * MIB


def test_the_document_is_whole() -> None:
    data = MyData(OneSession(), ManyTexts())
    whole = b"".join(data.file(UserId("mei")))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        document = json.loads(archive.read("my-data.json"))
    assert list(document) == ["tables", "not_held", "objects", "texts"]
    assert sorted(document["texts"]) == document["objects"] == ManyTexts().keys("")
    assert all(len(text["words"]) == WORDS for text in document["texts"].values())


def test_texts_are_read_while_the_file_is_taken() -> None:
    """Hundreds of hours take minutes, and a front door waits for a first byte for one."""
    texts = ManyTexts()
    pieces = MyData(OneSession(), texts).file(UserId("mei"))
    assert texts.read == 0
    assert next(pieces)
    assert texts.read < TEXTS / 2
    list(pieces)
    assert texts.read == TEXTS


class ManySessions:
    """A warehouse with as many sessions of the person as are asked for, and no other row."""

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        ids = [f"0197-{n}" for n in range(SESSIONS)]
        return [row(session_id=one) for one in ids] if row is SessionIdRow else []


class Listed:
    """An object store with a thousand objects of each session. It counts who asks for lists."""

    def __init__(self) -> None:
        self.sessions = set[str]()

    def keys(self, prefix: str) -> list[str]:
        session_id = SessionId(prefix.split("/")[1])
        self.sessions.add(session_id)
        digests = [hashlib.sha256(f"{session_id}/{n}".encode()).hexdigest() for n in range(1000)]
        keys = [CHUNK.key(session_id=session_id, seq=0, sha256=digest) for digest in digests]
        return keys if keys[0].startswith(prefix) else []

    def whole(self, key: str) -> tuple[bytes, str]:
        raise Rejected(Reason.OBJECT_MISSING, "NoSuchKey")


def test_objects_are_listed_while_the_file_is_taken() -> None:
    """Before, the objects of each talk were asked for before the first byte.

    With some hundred talks that took longer than a front door waits for one: there was no file.
    """
    store = Listed()
    pieces = MyData(ManySessions(), store).file(UserId("mei"))
    assert next(pieces)
    assert len(store.sessions) == 1
    came = [len(store.sessions) for _ in pieces]
    assert came[-1] == SESSIONS
    assert len(set(came)) > SESSIONS / 3
