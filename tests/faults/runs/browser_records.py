"""A browser records while everything that it needs goes away, one thing after the other.

All that its page called safely stored must be counted. Every receipt is looked up in the session.
The counts are compared with those of the same audio, sent as FLAC by an undisturbed phone.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Response, expect, sync_playwright

from adapters.objects.s3 import S3BlobStore
from deploy.audit.audit import audit_at_rest
from deploy.benchmark.recorder import Sent
from deploy.devstack.running_stack import RunningStack, running
from schemas.ids import SessionId
from schemas.object_kinds import CHUNK
from schemas.speech_events import ChunkRef
from tests.browser.recordings import Lab, Recorder
from tests.end_to_end.same_audio import SECONDS, sent_as_flac, talk
from tests.faults.registry import Outcome, fault_alone
from tests.integration.conftest import ready
from tests.integration.people import Person

MOST_MISSING_MS = 200
"""A chunk's audio may be so much shorter than its phone declared."""
STORE_AWAY_S = 10
TOO_LITTLE = 1
"""Bytes that the browser may keep: less than it has."""
FULL_S = 6
OPENING_S = 3.0
"""Until a new tab records: people talk on."""


@dataclass
class Receipts:
    """The chunks that the page sent, and the numbers of those that it has receipts of."""

    sent: Sent = field(default_factory=Sent)
    numbers: set[int] = field(default_factory=set)
    safe_s: int = 0
    """The most seconds that the page called safely stored."""

    def note(self, answer: Response) -> None:
        """Add the receipt that an answer is; other answers change nothing."""
        _, _, seq = answer.url.partition("/chunks/")
        if seq and answer.ok and answer.request.method == "PUT":
            self.numbers.add(int(seq))

    def chunks(self) -> list[ChunkRef]:
        """Every chunk with a receipt."""
        chunks = {one.seq: one for one in self.sent.chunks}
        return [chunks[seq] for seq in sorted(self.numbers)]


class Evening:
    """One recording. Faults happen to it at moments of its own clock."""

    def __init__(self, lab: Lab, phone: Recorder, receipts: Receipts) -> None:
        self._lab = lab
        self._phone = phone
        self._receipts = receipts
        self._began_s = time.monotonic()
        phone.context.on("response", receipts.note)

    def at(self, seconds: int, happens: Callable[[], None]) -> None:
        """Once the recording is so long. The seconds that were safe before are remembered."""
        self._phone.until_talked(seconds)
        self.look()
        happens()

    def look(self) -> None:
        """Remember what the page calls safe now."""
        self._receipts.safe_s = max(self._receipts.safe_s, self._phone.seconds("safe"))

    def second_tab(self) -> None:
        """It watches."""
        second = self._phone.context.new_page()
        second.goto(f"{self._phone.url}/record")
        expect(second.get_by_text("Another tab of this browser records")).to_be_visible()
        second.close()

    def gateway_killed(self) -> None:
        """The supervisor starts it again."""
        self._lab.stack.kill("gateway")

    def store_away(self) -> None:
        """Chunks wait meanwhile, and the page says why."""
        supervisor = self._lab.stack.stack.supervisor
        supervisor.stop(["s3"])
        self._phone.page.wait_for_timeout(1000 * STORE_AWAY_S)
        self._phone.says("It is tried again by itself")
        supervisor.start(["s3"])

    def full_disk(self) -> None:
        """The browser's own quota, not a stand-in for it."""
        tab = self._phone.context.new_cdp_session(self._phone.page)
        origin = {"origin": self._phone.url}
        tab.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": TOO_LITTLE})
        self._phone.says("storage is full")
        self._phone.page.wait_for_timeout(1000 * FULL_S)
        tab.send("Storage.overrideQuotaForOrigin", origin)
        expect(self._phone.page.get_by_text("storage is full")).to_have_count(0, timeout=30_000)

    def tab_killed(self) -> None:
        """The recording goes on in a new one; the microphone hears what is said then."""
        self._lab.hears(talk(time.monotonic() - self._began_s + OPENING_S))
        self._lab.kill_tabs(self._phone)
        self._phone.says("This page was closed")


def recorded(lab: Lab, name: str) -> Receipts:
    """Record a minute with all the faults in it, and stop."""
    receipts = Receipts()
    lab.hears(talk())
    with lab.browser(receipts.sent, "microphone") as phone:
        phone.sign_in(name).open().start()
        evening = Evening(lab, phone, receipts)
        evening.at(4, evening.second_tab)
        evening.at(12, evening.gateway_killed)
        evening.at(18, evening.store_away)
        evening.at(35, evening.full_disk)
        evening.at(50, evening.tab_killed)
        evening.at(SECONDS, evening.look)
        phone.stop()
    return receipts


def differences(stack: RunningStack, receipts: Receipts, folder: Path) -> list[str]:
    """All that was safe and is not stored, not heard or not counted. Blocking."""
    owner = Person(stack.settings, "browser")
    missing = [*_without_object(stack, receipts), *_without_sound(owner, receipts)]
    if missing:
        return missing
    twin = sent_as_flac(stack, receipts.sent, folder)
    found = twin.differences(owner)
    return [one.sentence() for one in audit_at_rest(stack.settings).differences] + found


def _without_object(stack: RunningStack, receipts: Receipts) -> Iterator[str]:
    """Receipts behind which there are no bytes."""
    session_id = SessionId(receipts.sent.session_id)
    stored = set(S3BlobStore(stack.settings).keys(CHUNK.folder(session_id)))
    for one in receipts.chunks():
        key = CHUNK.key(session_id=session_id, seq=one.seq, sha256=one.sha256)
        if key not in stored:
            yield f"chunk {one.seq} has a receipt and is not stored"


def _without_sound(owner: Person, receipts: Receipts) -> Iterator[str]:
    """Receipts whose audio the session calls missing; and less of it than the page called safe."""
    ready(owner, receipts.sent.session_id)
    session = owner.read(f"/v1/sessions/{receipts.sent.session_id}")
    gaps = [(one["start_s"], one["end_s"]) for one in session["missing_audio"]]
    print(f"safe {receipts.safe_s} s, {len(receipts.numbers)} receipts, missing {gaps}")
    heard_s = session["audio_s"] - sum(end_s - start_s for start_s, end_s in gaps)
    if heard_s < receipts.safe_s:
        yield f"{receipts.safe_s} s were safe, {heard_s} s were heard"
    for one in receipts.chunks():
        missing_ms = sum(_shared_ms(one, 1000 * start, 1000 * end) for start, end in gaps)
        if missing_ms > MOST_MISSING_MS:
            yield f"chunk {one.seq} has a receipt; {missing_ms:.0f} ms of it were not heard"


def _shared_ms(one: ChunkRef, start_ms: float, end_ms: float) -> float:
    return max(0.0, min(one.start_ms + one.duration_ms, end_ms) - max(one.start_ms, start_ms))


@fault_alone(
    "browser-records",
    rows=("28",),
    injected="a second tab opens, the gateway is killed, the object store is away for "
    f"{STORE_AWAY_S} s, the browser's quota is full, its tabs are killed",
)
def browser_records(folder: Path) -> Outcome:
    """A minute of talk through a microphone."""
    with running(folder / "stack", GRACE_MS="8000") as stack, sync_playwright() as playwright:
        receipts = recorded(Lab(playwright, stack, folder), "browser")
        found = differences(stack, receipts, folder)
    load = f"{SECONDS} s of talk in a browser, {len(receipts.numbers)} chunks"
    return Outcome(load, f"{receipts.safe_s} s were called safely stored", found)
