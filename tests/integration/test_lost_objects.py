"""Objects are lost between two stages: their sessions end with a reason, a neighbour is untouched.

Words are lost before anybody attributes them: the phone says that it has stopped only afterwards.
"""

import pytest

from adapters.objects.s3 import S3BlobStore
from adapters.objects.store import BlobStore
from deploy.demo.api_answers import Session
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from schemas.ids import SessionId
from schemas.object_kinds import CHUNK, TRANSCRIBED_WORDS, VOICES
from tests.integration.phones import RawPhone
from tests.integration.test_bad_input import heard, spoken

WINDOWS = 3
"""Whole windows of a minute."""


def recorded(stack: RunningStack, blobs: BlobStore, user: str) -> RawPhone:
    """A minute of talk, transcribed and diarized; the phone has not stopped."""
    phone = RawPhone(stack.settings, user)
    phone.start().raise_for_status()
    for seq, chunk in enumerate(spoken()):
        phone.chunk(seq, chunk).raise_for_status()
    for kind in (TRANSCRIBED_WORDS, VOICES):
        for window in range(WINDOWS):
            before = kind.before("sha256", session_id=phone.session_id, window=window)
            until(lambda before=before: blobs.keys(before), bool, 120)  # type: ignore[misc]
    return phone


def words(blobs: BlobStore, phone: RawPhone, window: int) -> str:
    """The key of a window's words."""
    session_id = SessionId(phone.session_id)
    (key,) = blobs.keys(TRANSCRIBED_WORDS.before("sha256", session_id=session_id, window=window))
    return key


def test_sessions_with_lost_objects_end_and_a_neighbour_is_untouched(stack: RunningStack) -> None:
    blobs = S3BlobStore(stack.settings)
    lost, damaged, neighbour = (recorded(stack, blobs, user) for user in ("ann", "ben", "cat"))
    blobs.delete([words(blobs, lost, 0)])
    blobs.put(words(blobs, damaged, 1), b"{", "application/json")
    # Nor can these words be recognised again: the first half of their audio is lost as well.
    chunk = CHUNK.before("sha256", session_id=damaged.session_id, seq=0)
    blobs.delete(blobs.keys(chunk))
    for phone in (lost, damaged, neighbour):
        phone.complete(2).raise_for_status()
    found: dict[str, tuple[Session, list[tuple[float, float]]]] = {
        phone.user: heard(stack, phone) for phone in (neighbour, lost, damaged)
    }
    assert found["cat"][0].generation == 1
    # The recording is shorter than its last chunk says.
    (rest,) = found["cat"][1]
    assert rest[0] > 50
    # Recognised again from its audio: nothing is missing.
    assert found["ann"][0].generation == 2
    assert found["ann"][1] == [rest]
    lost_span, *others = found["ben"][1]
    assert lost_span == pytest.approx((20, 30), abs=0.1)
    assert others == [rest]
