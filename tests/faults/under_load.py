"""One fault under load: phones record, the fault is injected and mended, everything is compared."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from adapters.process.clock import unix_ms
from adapters.warehouse import TypedRow, Warehouse
from deploy.audit.audit import audit
from deploy.audit.span import Span
from deploy.demo.api_answers import SpeakerList
from deploy.demo.api_client import ApiClient
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from tests.faults.load import Load, Recorded
from tests.faults.registry import Injection, Outcome
from tests.faults.scene import FINAL_S, Scene

BACK_S = 180.0
"""Within this time everything is well again by itself."""
BEFORE_MS = 5_000
"""Phones say that a recording began a second before they sent its start."""
SETTLE_MS = 2_000
"""No group is behind, and every session is final: there is little to settle."""
ROWS_OF = """
SELECT
    (SELECT countIf(NOT maybe) FROM word_events FINAL WHERE session_id = {id:String}) AS events,
    (SELECT sum(count) FROM speaker_totals FINAL WHERE session_id = {id:String}) AS totals
"""
Pids = Mapping[str, int]


class Stored(TypedRow, frozen=True, kw_only=True):
    """Counted words of a session in two tables of the warehouse."""

    events: int
    totals: int


@dataclass(frozen=True)
class Undisturbed:
    """The clip as it comes out when nothing is wrong: counts of each speaker, in order."""

    audio_s: float
    counts: list[dict[str, int]]


def undisturbed(stack: RunningStack, load: Load) -> Undisturbed:
    """Record the clip once. Blocking."""
    load.start()
    until(lambda: load.sessions, bool)
    load.stop()
    [session] = load.sessions
    owner = ApiClient(stack.settings, session.owner)
    final = owner.await_final(session.session_id, lambda _: None, FINAL_S)
    counts = _counts(owner, session)
    assert any(counts), "no word of the clip is counted: nothing would be compared"
    return Undisturbed(final.audio_s, counts)


def run(
    inject: Injection, scene: Scene, expected: Undisturbed, may_restart: Sequence[str]
) -> Outcome:
    """Inject a fault while the phones of the scene record. Blocking, minutes."""
    began_ms = unix_ms()
    before = pids(scene.stack)
    scene.load.start()
    until(lambda: len([a for a in scene.load.answers if a.status == 201]) > 5, bool, 120)
    try:
        wrong = _complaint(lambda: inject(scene))
        scene.mend()
        mended_s = time.monotonic()
        first = _complaint(lambda: scene.load.await_acknowledged(mended_s, BACK_S))
    finally:
        scene.load.stop()
    first_s = scene.load.acknowledged_after(mended_s)
    answering = _complaint(lambda: scene.stack.await_answers(BACK_S))
    lost = [found for one in scene.load.sessions for found in _compared(scene, one, expected)]
    counted_s = time.monotonic() - mended_s
    audited = _audited(scene, began_ms)
    found = [
        *wrong,
        *first,
        *scene.load.faults(),
        *answering,
        *lost,
        *audited,
        *_unasked(scene, before, may_restart),
    ]
    recovery = f"first upload {first_s:.1f} s, everything counted {counted_s:.0f} s"
    return Outcome(scene.load.in_words(), recovery, found)


def _unasked(scene: Scene, before: Pids, may_restart: Sequence[str]) -> list[str]:
    """Complaints of processes that ended and should not. Prints what they said."""
    names = [one for one in changed(before, pids(scene.stack)) if one not in may_restart]
    for name in names:
        print(f"--- {name}", scene.last_words(name), sep="\n")
    return [f"{name} was restarted" for name in names]


def _audited(scene: Scene, since_ms: int) -> list[str]:
    """The differences that `lahstats audit` finds in sessions since then."""
    quiet = _complaint(lambda: scene.stack.await_quiet(scene.final_s))
    span = Span(since_ms=since_ms - BEFORE_MS, settle_ms=SETTLE_MS)
    return quiet + [one.sentence() for one in audit(scene.stack.settings, span).differences]


def _complaint(wait: Callable[[], object]) -> list[str]:
    try:
        wait()
    except (TimeoutError, AssertionError) as error:
        return [str(error)]
    return []


def pids(stack: RunningStack) -> Pids:
    """The pid of each process of the stack; 0 for one that does not run."""
    return {name: state.pid for name, state in stack.stack.supervisor.states().items()}


def changed(before: Pids, after: Pids) -> list[str]:
    """The names of processes that have another pid."""
    return [name for name, pid in before.items() if after[name] != pid]


def _compared(scene: Scene, session: Recorded, expected: Undisturbed) -> list[str]:
    """The differences of one session, from the read side and from the warehouse."""
    try:
        final = scene.final(session.owner, session.session_id)
    except (TimeoutError, ValueError) as error:
        return [f"{session.session_id}: {error}"]
    found = []
    if final.audio_s != expected.audio_s or final.missing_audio:
        found.append(f"{final.audio_s} s of audio, missing {final.missing_audio}")
    with closing(ApiClient(scene.stack.settings, session.owner)) as owner:
        counts = _counts(owner, session)
    if counts != expected.counts:
        found.append(f"counts {counts} for {expected.counts}")
    stored = _stored(scene.stack, session)
    wanted = sum(sum(each.values()) for each in counts)
    if stored != Stored(events=wanted, totals=wanted):
        found.append(f"{stored} for {wanted}")
    return [f"{session.session_id}: {fault}" for fault in found]


def _counts(owner: ApiClient, session: Recorded) -> list[dict[str, int]]:
    speakers = owner.read(f"/v1/sessions/{session.session_id}/speakers", SpeakerList).speakers
    return [{word.word: word.count for word in speaker.words} for speaker in speakers]


def _stored(stack: RunningStack, session: Recorded) -> Stored:
    warehouse = Warehouse(stack.settings)
    try:
        [stored] = warehouse.query(ROWS_OF, {"id": session.session_id}, row=Stored)
    finally:
        warehouse.close()
    return stored
