"""Sessions recorded on the memory stack: what each fold read, in the order in which it came.

The events are made by the real path: a phone, the gateway, every fold and every step.
"""

from collections.abc import Callable
from functools import cache

import msgspec
from msgspec.structs import replace

from adapters.objects.lexicons import Lexicons
from schemas import topics
from schemas.claim_events import (
    ClaimKind,
    ClaimRequested,
    ReleaseRequested,
    TagAnswered,
    TagRequested,
    Verdict,
    VerdictRequested,
)
from schemas.limits import HOUR_MS
from schemas.people_events import (
    GroupAction,
    GroupChangeRequested,
    ShareRequested,
    UserChangeRequested,
    UserErasureRequested,
)
from schemas.session_events import Tick
from schemas.session_requests import (
    EraseRequested,
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
)
from tests.guide.memory_stack import LEXICON, NOW_MS
from tests.guide.phone import OWNER
from tests.recorded_stack import ANN, S1, S2, YEAR_MS, Recording


@cache
def made_once(record: Callable[[], Recording]) -> Recording:
    """The recording, made once in a process. Nobody may change it."""
    return record()


def counted(chunks: int = 2) -> Recording:
    """A session that is over and counted."""
    on = Recording()
    on.phone.start()
    for seq in range(chunks):
        on.phone.chunk(seq)
    on.phone.stop(chunks)
    return on


def claimed() -> Recording:
    """Claims, a tag and releases, between new generations; everybody is known in the end."""
    on = counted()
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF)
    on.ask(HintRequested, by=OWNER, speakers=2)
    on.ask(TagRequested, speaker=S2, by=OWNER, user_id=ANN)
    on.phone.chunk(2)
    on.ask(TagAnswered, speaker=S2, by=ANN)
    on.ask(ReleaseRequested, speaker=S1, by=OWNER)
    newer = msgspec.json.encode(replace(LEXICON, version="another"))
    on.ask(RecountRequested, lexicon=Lexicons(on.blobs).put(newer).version)
    on.ask(ReplayRequested, window=1)
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.GUEST, guest_name="Auntie")
    return on


def unclaimed() -> Recording:
    """Nobody is claimed; a late chunk, another one that waits, and a hint come in a row."""
    on = counted()
    on.phone.chunk(3)
    on.phone.chunk(2)
    on.ask(HintRequested, by=OWNER, speakers=2)
    on.ask(Tick, now_ms=NOW_MS + HOUR_MS)
    return on


def resumed() -> Recording:
    """The phone was silent for long and goes on: chunks wait for the timer, and for their last."""
    on = Recording()
    on.phone.start()
    on.phone.chunk(0)
    on.ask(Tick, now_ms=NOW_MS + HOUR_MS)
    on.phone.chunk(2)
    on.phone.chunk(1)
    on.ask(HintRequested, by=OWNER, speakers=2)
    on.phone.chunk(3)
    on.ask(Tick, now_ms=NOW_MS + 2 * HOUR_MS)
    on.ask(HintRequested, by=OWNER, speakers=3)
    on.phone.chunk(4)
    on.ask(MergeRequested, by=OWNER, target=S1, source=S2)
    on.phone.stop(5)
    return on


def merged() -> Recording:
    """The claim on a speaker that is merged into another one moves there."""
    on = counted()
    on.ask(ClaimRequested, speaker=S2, by=ANN, kind=ClaimKind.SELF)
    on.ask(MergeRequested, by=OWNER, target=S1, source=S2)
    return on


def judged() -> Recording:
    """The owner of a voice strikes a count; two generations follow, of which one overtakes."""
    on = counted()
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF)
    about = {"word": "lah", "said_at_ms": NOW_MS + 5_300}
    on.ask(VerdictRequested, speaker=S1, by=OWNER, verdict=Verdict.STRUCK, **about)
    on.phone.chunk(2)
    on.ask(HintRequested, by=OWNER, speakers=2)
    return on


def hurried() -> Recording:
    """Chunks out of order, and generations that overtake the work on those before."""
    on = Recording()
    on.phone.start()
    for seq in (0, 2, 1):
        on.phone.chunk(seq)
    on.wait(topics.VOICED)
    on.phone.chunk(3)
    on.phone.stop(4)
    on.ask(HintRequested, by=OWNER, speakers=2)
    on.go_on()
    on.wait(topics.COUNTED, topics.IDENTIFIED)
    on.phone.chunk(4)
    on.phone.chunk(5)
    on.go_on()
    on.ask(Tick, now_ms=NOW_MS + HOUR_MS)
    return on


def recording() -> Recording:
    """The phone still records: everything is provisional."""
    on = Recording()
    on.phone.start()
    for seq in range(4):
        on.phone.chunk(seq)
    return on


def expired() -> Recording:
    """The days of the text are over."""
    on = counted()
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF)
    on.ask(Tick, now_ms=NOW_MS + YEAR_MS)
    return on


def erased() -> Recording:
    """The owner erases the session; a chunk and a claim were on their way."""
    on = counted()
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF)
    on.ask(HintRequested, by=OWNER, speakers=2)
    on.ask(EraseRequested, by=OWNER)
    on.phone.chunk(2)
    on.ask(ClaimRequested, speaker=S2, by=ANN, kind=ClaimKind.SELF)
    return on


def settled() -> Recording:
    """An erased session, so late that nothing of it can come any more."""
    on = erased()
    on.ask(Tick, now_ms=NOW_MS + YEAR_MS)
    return on


def people() -> Recording:
    """A group and its users come, share, go and are erased."""
    on = Recording()
    on.ask(UserChangeRequested, user_id=ANN, display_name="Ann", findable=True)
    on.ask(ShareRequested, user_id=ANN, share="s", first="", last="", show_name=True)
    for by, action in (
        (OWNER, GroupAction.CREATE),
        (ANN, GroupAction.JOIN),
        (OWNER, GroupAction.RENAME),
        (ANN, GroupAction.ERASE_MEMBER),
    ):
        about = {"group_id": "g", "invite": "i", "invite_until_ms": NOW_MS + YEAR_MS}
        on.ask(GroupChangeRequested, by=by, action=action, name="Kopi", **about)
    on.ask(UserErasureRequested, user_id=ANN)
    return on


RECORDINGS = (
    claimed,
    unclaimed,
    resumed,
    merged,
    judged,
    hurried,
    recording,
    expired,
    erased,
    settled,
    people,
)
