"""The text and the turns of sessions, which are objects and not rows. Blocking."""

from collections.abc import Iterator
from typing import Protocol

from adapters.http.problems import HttpProblem
from adapters.warehouse import Queries
from api.sessions import queries
from api.sessions.rows import ObjectRow, SessionRow
from api.sessions.transcript_models import Transcript, TranscriptTurn, TranscriptWord
from schemas.codec import Document, document
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
        """Words and turns. HttpProblem 410 when the text was removed, or is damaged."""
        try:
            return Transcript(
                words=[_word(word) for word in self._words(session)],
                turns=[_turn(turn) for turn in self._turns(session)],
            )
        except Rejected as error:
            raise _refusal(error.reason) from None

    def words_if_there(self, session: SessionRow) -> list[AttributedWord]:
        """Words in order of time, of the windows whose text is there and can be read.

        Claims work without quotes.
        """
        found: list[AttributedWord] = []
        for pointer in self._pointers(session, "words"):
            try:
                found += self._fetched(pointer, AttributedWords).words
            except Rejected as error:
                if error.reason is Reason.OBJECT_MISSING:
                    break  # a text is removed as a whole
        return found

    def _words(self, session: SessionRow) -> Iterator[AttributedWord]:
        for pointer in self._pointers(session, "words"):
            yield from self._fetched(pointer, AttributedWords).words

    def _turns(self, session: SessionRow) -> Iterator[Turn]:
        for pointer in self._pointers(session, "turns"):
            yield from self._fetched(pointer, Turns).turns

    def _fetched(self, pointer: Pointer, kind: type[Document]) -> Document:
        return document(self._objects.get(pointer), kind)

    def _pointers(self, session: SessionRow, kind: str) -> list[Pointer]:
        parameters = {
            "session_id": session.session_id,
            "kind": kind,
            "generation": session.counted_generation,
        }
        rows = self._warehouse.query(queries.OBJECTS, parameters, row=ObjectRow)
        return [row.pointer() for row in rows]


def _refusal(reason: Reason) -> HttpProblem:
    if reason is Reason.OBJECT_MISSING:
        detail = "The words of this session were removed; its counts stand."
        return HttpProblem(410, "text-gone", "Text is gone", detail)
    detail = "The stored words of this session are damaged: nobody can read them. Its counts stand."
    return HttpProblem(410, "text-damaged", "Text is damaged", detail)


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
