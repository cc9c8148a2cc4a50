"""The text and the turns of sessions, which are objects and not rows. Blocking."""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from adapters.warehouse import Queries
from api.sessions import queries
from api.sessions.rows import ObjectRow, SessionRow
from api.sessions.transcript_models import Transcript, TranscriptTurn, TranscriptWord
from schemas.event import Pointer
from schemas.objects import AttributedWord, AttributedWords, Turn, Turns
from schemas.rejections import Reason, Rejected


class Objects(Protocol):
    """Port of the object store: reading objects, and addresses at which browsers may play them."""

    def get(self, pointer: Pointer) -> bytes:
        """The bytes. Raises Rejected when there are none, TransientError when the store is away."""

    def presign(self, key: str) -> str:
        """An address that is good for five minutes. Not blocking."""


class KeptObjects(Protocol):
    """Port: what there is in the object store."""

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with `prefix`, in order."""

    def whole(self, key: str) -> tuple[bytes, str]:
        """The object's bytes, and its content type. Raises Rejected when it is gone."""


class StoredObjects(Objects, KeptObjects, Protocol):
    """Port: the same, and what there is."""


class Texts:
    """Reads the words and turns of a session's last complete generation."""

    def __init__(self, warehouse: Queries, objects: Objects) -> None:
        self._warehouse = warehouse
        self._objects = objects

    def transcript(self, session: SessionRow) -> Transcript:
        """Words and turns. Raises Rejected when the text was removed."""
        return Transcript(
            words=[_word(word) for word in self._words(session)],
            turns=[_turn(turn) for turn in self._turns(session)],
        )

    def words_if_there(self, session: SessionRow) -> list[AttributedWord]:
        """Words in order of time; empty when the text was removed: claims work without quotes."""
        try:
            return list(self._words(session))
        except Rejected as error:
            if error.reason is not Reason.OBJECT_MISSING:
                raise
            return []

    def _words(self, session: SessionRow) -> Iterator[AttributedWord]:
        for pointer in self._pointers(session, "words"):
            document = self._objects.get(pointer)
            yield from msgspec.json.decode(document, type=AttributedWords).words

    def _turns(self, session: SessionRow) -> Iterator[Turn]:
        for pointer in self._pointers(session, "turns"):
            document = self._objects.get(pointer)
            yield from msgspec.json.decode(document, type=Turns).turns

    def _pointers(self, session: SessionRow, kind: str) -> list[Pointer]:
        parameters = {
            "session_id": session.session_id,
            "kind": kind,
            "generation": session.counted_generation,
        }
        rows = self._warehouse.query(queries.OBJECTS, parameters, row=ObjectRow)
        return [row.pointer() for row in rows]


def _word(word: AttributedWord) -> TranscriptWord:
    return TranscriptWord(
        speaker=word.speaker,
        word=word.text,
        start_s=word.start_ms / 1000,
        end_s=word.end_ms / 1000,
        probability=word.probability,
        rivals=list(word.rivals),
    )


def _turn(turn: Turn) -> TranscriptTurn:
    return TranscriptTurn(
        speaker=turn.speaker,
        start_s=turn.start_ms / 1000,
        end_s=turn.end_ms / 1000,
    )
