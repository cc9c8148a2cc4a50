"""Objects are lost or damaged between two stages: their sessions end, a neighbour is untouched.

Words are lost before anybody attributes them: the phone says that it has stopped only afterwards.
"""

import pytest

from adapters.objects.s3 import S3BlobStore
from adapters.objects.store import BlobStore
from deploy.demo.api_answers import Session
from deploy.demo.api_client import ApiClient
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from schemas.ids import SessionId
from schemas.object_kinds import CHUNK, TRANSCRIBED_WORDS, VOICES
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.integration.phones import RawPhone
from tests.integration.test_bad_input import spoken

WINDOWS = 3
"""Whole windows of a minute."""
ENDS_S = 300.0


def recorded(stack: RunningStack, blobs: BlobStore, user: str) -> RawPhone:
    """A minute of talk, transcribed and diarized; the phone has not stopped."""
    phone = RawPhone(stack.settings, user)
    phone.start().raise_for_status()
    for seq, chunk in enumerate(spoken()):
        phone.chunk(seq, chunk).raise_for_status()
    for kind in (TRANSCRIBED_WORDS, VOICES):
        for window in range(WINDOWS):
            before = kind.before("sha256", session_id=phone.session_id, window=window)
            until(lambda before=before: blobs.keys(before), bool, ENDS_S)  # type: ignore[misc]
    return phone


def words(blobs: BlobStore, phone: RawPhone, window: int) -> str:
    """The key of a window's words."""
    session_id = SessionId(phone.session_id)
    (key,) = blobs.keys(TRANSCRIBED_WORDS.before("sha256", session_id=session_id, window=window))
    return key


def final(stack: RunningStack, phone: RawPhone) -> Session:
    """The session when nothing is worked on any more."""
    owner = ApiClient(stack.settings, phone.user)
    return owner.await_final(phone.session_id, lambda _: None, ENDS_S)


def lose_and_compare(stack: RunningStack) -> None:
    """Loses the words of one session, the words and audio of another, and looks at all three."""
    blobs = S3BlobStore(stack.settings)
    lost, damaged, neighbour = (recorded(stack, blobs, user) for user in ("ann", "ben", "cat"))
    blobs.delete([words(blobs, lost, 0)])
    blobs.put(words(blobs, damaged, 1), b"{", "application/json")
    # Nor can these words be recognised again: the first half of their audio is lost as well.
    chunk = CHUNK.before("sha256", session_id=damaged.session_id, seq=0)
    blobs.delete(blobs.keys(chunk))
    for phone in (lost, damaged, neighbour):
        phone.complete(2).raise_for_status()
    untouched, mended, cut = (final(stack, phone) for phone in (neighbour, lost, damaged))
    assert untouched.generation == 1
    # The recording is shorter than its last chunk says.
    (rest,) = untouched.missing_audio
    assert rest.start_s > 50
    # Recognised again from its audio: nothing more is missing.
    assert mended.generation == 2
    assert mended.missing_audio == [rest]
    half, *others = cut.missing_audio
    assert (half.start_s, half.end_s) == pytest.approx((20, 30), abs=0.1)
    assert others == [rest]


@fault(
    "objects-lost",
    rows=("11", "T5"),
    injected="S3: words of one session are gone, words and audio of another damaged",
)
def objects_lost(scene: Scene) -> None:
    lose_and_compare(scene.stack)
