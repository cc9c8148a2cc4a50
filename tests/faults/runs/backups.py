"""Everything is lost, and comes back from a backup that was taken beside live traffic."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from deploy.audit.audit import audit_at_rest
from deploy.backup.backup import backup
from deploy.backup.restore import restore
from deploy.demo.api_client import ApiClient
from deploy.demo.playback import Played
from deploy.devstack.running_stack import RunningStack, essence, running
from tests.faults.registry import Outcome, fault_alone
from tests.integration.people import Person

RECORDING = "traps_2spk"
WRAPPED = "/v1/users/me/wrapped?period=all"
RESTART_S = 120


@fault_alone(
    "everything-lost",
    rows=("27",),
    injected="all servers and their disks are lost; a backup is left",
)
def everything_lost(folder: Path) -> Outcome:
    """One session is counted, another one records while the backup is taken."""
    kept = folder / "backup"
    with running(folder / "first", GRACE_MS="8000") as stack:
        played = stack.play(RECORDING)
        stories = _stories(stack, played)
        with ThreadPoolExecutor(1) as pool:
            recording = pool.submit(stack.play, RECORDING)
            backup(stack.settings, kept, lambda _: None)
            erased = recording.result().session_id
        Person(stack.settings, "demo-owner").done("DELETE", f"/v1/sessions/{erased}")
        stack.await_quiet()
        erasures = stack.settings.erasures_dir
    with running(folder / "second", GRACE_MS="8000") as stack:
        began_s = monotonic()
        with stack.stack.without_stages():
            restore(stack.settings, kept, lambda _: None, erasures)
        stack.await_answers(RESTART_S)
        stack.await_quiet()
        recovery_s = monotonic() - began_s
        differences = [] if _stories(stack, played) == stories else ["a Wrapped differs"]
        if Person(stack.settings, "demo-owner").get(f"/v1/sessions/{erased}").is_success:
            differences.append("a session that was erased after the backup is back")
        again = stack.play(RECORDING)
        if essence(again)["speakers"] != essence(played)["speakers"]:
            differences.append("a session recorded afterwards has other counts")
        report = audit_at_rest(stack.settings)
        differences += [one.sentence() for one in report.differences]
    return Outcome(
        load=f"{report.sessions + report.moving} sessions, one of them recording at the backup",
        recovery=f"{recovery_s:.0f} s",
        differences=differences,
    )


def _stories(stack: RunningStack, played: Played) -> list[dict[str, object]]:
    """The session, its speakers, and the Wrapped of everybody who claimed one of them."""
    path = f"/v1/sessions/{played.session_id}"
    owner = ApiClient(stack.settings, "demo-owner")
    found = [owner.get(path), owner.get(f"{path}/speakers"), owner.get(f"{path}/transcript")]
    for number in range(1, len(played.wrapped) + 1):
        person = ApiClient(stack.settings, f"demo-{played.session_id}-{number}")
        found.append(person.get(WRAPPED))
    return [_without_links(one) for one in found]


def _without_links(answer: dict[str, object]) -> dict[str, object]:
    """Addresses of clips are signed for minutes."""
    return {name: _plain(value) for name, value in answer.items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if name != "url"}
    return [_plain(part) for part in value] if isinstance(value, list) else value
