"""Objects are lost or damaged between two stages: their sessions end, a neighbour is untouched.

Words are lost before anybody attributes them: the phone says that it has stopped only afterwards.
"""

from pathlib import Path
from time import monotonic

from adapters.objects.s3 import S3BlobStore
from adapters.objects.store import BlobStore
from deploy.audit.audit import audit_at_rest
from deploy.demo.api_answers import Session
from deploy.demo.api_client import ApiClient
from deploy.devstack.running_stack import RunningStack, running
from deploy.waiting import until
from schemas.ids import SessionId
from schemas.object_kinds import TRANSCRIBED_WORDS, VOICES
from tests.faults.registry import Outcome, fault_alone
from tests.integration.phones import RawPhone
from tests.integration.test_bad_input import spoken

WINDOWS = 2
"""Whole windows of fifty seconds. The third is cut when the phone says that it has stopped."""
ENDS_S = 300.0


def recorded(stack: RunningStack, blobs: BlobStore, user: str) -> RawPhone:
    """Fifty seconds of talk, transcribed and diarized; the phone has not stopped."""
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
    """Loses the words of one session, damages those of another, and compares with a third."""
    blobs = S3BlobStore(stack.settings)
    lost, damaged, neighbour = (recorded(stack, blobs, user) for user in ("ann", "ben", "cat"))
    blobs.delete([words(blobs, lost, 0)])
    blobs.put(words(blobs, damaged, 1), b"{", "application/json")
    for phone in (lost, damaged, neighbour):
        phone.complete(2).raise_for_status()
    untouched, *mended = (final(stack, phone) for phone in (neighbour, lost, damaged))
    assert untouched.generation == 1
    # Recognised again from their audio: nothing is missing.
    assert [session.generation for session in mended] == [2, 2]
    assert [session.missing_audio for session in (untouched, *mended)] == [[], [], []]


@fault_alone(
    "objects-lost",
    rows=("11", "T5"),
    injected="S3: words of one session are gone, words of another damaged",
)
def objects_lost(folder: Path) -> Outcome:
    """Without other phones, whose messages would have to be handled first, four times."""
    with running(folder, GRACE_MS="8000") as stack:
        began_s = monotonic()
        lose_and_compare(stack)
        ended_s = monotonic() - began_s
        stack.await_quiet()
        report = audit_at_rest(stack.settings)
    differences = [one.sentence() for one in report.differences]
    return Outcome(
        "3 sessions of 50 s", f"all ended {ended_s:.0f} s after their start", differences
    )
