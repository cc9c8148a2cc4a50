"""An object with the right digest that is of another kind is damaged: one window, not its batch."""

import pytest
from msgspec.structs import replace

from adapters.objects.store import put_by_digest
from schemas.codec import document, encode
from schemas.event import Event, Pointer
from schemas.fact_sheet import Topic
from schemas.object_kinds import MANIFEST, TRANSCRIBED_WORDS, TURNS, VOICES
from schemas.objects import AttributedWords, TranscribedWords, Turns
from schemas.rejections import Reason, Rejected
from schemas.session_events import WorkFailed
from schemas.speech_events import VoicesComplete, WindowTranscribed
from schemas.word_events import WordsAttributed
from streams.attribution.effects import shape
from streams.store import Store
from tests.attributing import SEALED, SESSION
from tests.memory_blob_store import MemoryBlobStore
from tests.speakers import speakers_identified
from tests.unit.test_cluster_step import Session, faults

JUNK = [b"", b"\0", b"[]", b"{", b"PK\3\4 and no more", b'"\xff"']


@pytest.mark.parametrize("body", JUNK)
def test_what_is_no_document_is_rejected(body: bytes) -> None:
    with pytest.raises(Rejected) as found:
        document(body, AttributedWords)
    assert found.value.reason is Reason.OBJECT_DAMAGED


@pytest.mark.parametrize("body", JUNK)
def test_a_window_whose_voices_are_none_is_named(body: bytes) -> None:
    """Before, the whole clustering failed as a defect, and nobody knew of which window."""
    session = Session()
    wrong = put_by_digest(session.blobs, VOICES, body, session_id="s", window=1)
    manifest = session.manifest(session.window(0, chunks=6), wrong)
    assert faults(session, complete(manifest)) == [(Reason.OBJECT_DAMAGED, 1)]


def test_a_manifest_that_is_none_is_damaged() -> None:
    session = Session()
    wrong = put_by_digest(session.blobs, MANIFEST, b"[]", session_id="s", generation=1)
    assert faults(session, complete(wrong)) == [(Reason.OBJECT_DAMAGED, None)]


def complete(manifest: Pointer) -> VoicesComplete:
    return VoicesComplete(
        occurred_at_ms=1, session_id=SESSION, generation=3, manifest=manifest, hint=None
    )


def test_windows_beside_one_whose_words_are_none_go_on() -> None:
    """Before, the event that asked for all of them was a dead letter."""
    blobs = MemoryBlobStore()
    fold = shape(blobs, lambda: 1, SEALED.window_ms)
    silence = encode(TranscribedWords(words=()))
    nobody = encode(Turns(turns=(), exclusive=(), voiceprints=(), next_label=1))
    stored = put_by_digest(blobs, TURNS, nobody, session_id=SESSION, generation=1)
    heard: list[Event] = [
        WindowTranscribed(
            occurred_at_ms=1,
            session_id=SESSION,
            window=window,
            revision=1,
            result=put_by_digest(blobs, TRANSCRIBED_WORDS, body, session_id=SESSION, window=window),
            failed=None,
            missing=(),
            model="m",
            work_ms=1,
        )
        for window, body in enumerate([silence, b"[]", silence, silence])
    ]
    sealed = replace(SEALED, windows=(1, 1, 1, 1), generation=1, event_id="")
    identified = replace(
        speakers_identified(SESSION, 1, ("S1",), occurred_at_ms=1, talk_ms=1, turns=1),
        turns=stored,
    )
    table: dict[str, bytes] = {}
    said: list[tuple[Topic, Event]] = []
    for event in (sealed, *heard, identified):
        store = Store(table.get)
        said += fold.run(store, event)
        store.write_to(table)
    attributed = [one.window for _, one in said if isinstance(one, WordsAttributed)]
    failed = [(one.reason, one.window) for _, one in said if isinstance(one, WorkFailed)]
    assert attributed == [0, 2, 3]
    assert failed == [(Reason.OBJECT_DAMAGED, 1)]
