"""The fuse counts people, not messages: one person never opens it, a bad deploy does."""

import pytest

from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import ANSWERS, LEAST_FAILED, RECENT, Fuse, FuseOpened, source_of
from schemas import topics
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, UserId
from schemas.rejections import Reason
from schemas.session_events import Tick
from schemas.stage_names import StageName
from schemas.word_events import WarehouseChanged
from tests.golden import EXAMPLES

BROKEN = Reason.STEP_FAILED


class Directory:
    """Owners by session. `asked` counts the questions, each of which reads the whole directory."""

    def __init__(self, owners: dict[str, str]) -> None:
        self._owners = owners
        self.asked = 0

    def of(self, sessions: set[SessionId]) -> dict[SessionId, str]:
        self.asked += 1
        return {one: self._owners[one] for one in sessions if one in self._owners}


def fuse_of(owners: dict[str, str] | None = None) -> tuple[Fuse, Directory]:
    directory = Directory(owners or {})
    return Fuse(StageName.SINK, directory.of), directory


def test_one_session_never_opens_it() -> None:
    fuse, directory = fuse_of()
    for _ in range(3 * RECENT):
        fuse.rejected("s", BROKEN)
    assert directory.asked == 0


def test_a_hundred_sessions_of_one_person_do_not_open_it() -> None:
    fuse, directory = fuse_of({f"s{n}": "mallory" for n in range(100)})
    for n in range(100):
        fuse.rejected(f"s{n}", BROKEN)
    assert directory.asked <= 100 // (LEAST_FAILED - 1)


def test_a_bad_deploy_opens_it() -> None:
    fuse, _ = fuse_of({f"s{n}": f"p{n}" for n in range(100)})
    for n in range(LEAST_FAILED - 1):
        fuse.rejected(f"s{n}", BROKEN)
    with pytest.raises(FuseOpened) as opened:
        fuse.rejected("s99", BROKEN)
    assert (opened.value.failed, opened.value.sources) == (LEAST_FAILED, LEAST_FAILED)


def test_a_bad_deploy_that_fails_for_one_kind_of_event_opens_it() -> None:
    fuse, _ = fuse_of()
    for n in range(10 * (LEAST_FAILED - 1)):
        fuse.handled(f"s{n // 10}")
        if n % 10 == 0:
            fuse.rejected(f"s{n // 10}", BROKEN)
    with pytest.raises(FuseOpened):
        fuse.rejected("s99", BROKEN)


def test_a_few_among_many_do_not_open_it() -> None:
    fuse, _ = fuse_of()
    for n in range(RECENT):
        fuse.handled(f"good {n}")
        if n % 3 == 0:
            fuse.rejected(f"bad {n}", BROKEN)


@pytest.mark.parametrize("reason", sorted(ANSWERS))
def test_what_says_how_things_are_does_not_open_it(reason: Reason) -> None:
    fuse, _ = fuse_of()
    for n in range(100):
        fuse.rejected(f"s{n}", reason)


def source(topic: Topic, event: Event | None, key: bytes | None = b"k") -> str:
    return source_of(Fetched(topic.name, 0, 0, key, b""), event)


def test_every_message_has_a_source() -> None:
    assert all(source(topic, event) for topic, event in EXAMPLES)


def test_the_source_is_a_person_or_a_session_or_what_the_key_says() -> None:
    tick = Tick(occurred_at_ms=1, session_id=SessionId("s"), now_ms=1)
    [claim] = [e for t, e in EXAMPLES if type(e).__name__ == "ClaimRequested"]
    assert source(topics.INBOUND, tick) == "s"
    assert source(topics.CLAIMS_REQUESTED, claim) == getattr(claim, "by", None)
    assert source(topics.WINDOW_READY, None, b"s:7") == "s"
    assert source(topics.GROUPS_REQUESTED, None, b"g") == "g"
    assert source(topics.INBOUND, None, None) == ""


def test_a_change_of_one_persons_days_is_that_persons() -> None:
    def changed(*users: str) -> WarehouseChanged:
        return WarehouseChanged(
            caused_by="c",
            occurred_at_ms=1,
            days=("2026-01-01",),
            users=tuple(UserId(user) for user in users),
        )

    assert source(topics.WAREHOUSE_CHANGED, changed("ann")) == "ann"
    assert source(topics.WAREHOUSE_CHANGED, changed("ann", "ben")) not in {"ann", "ben", ""}
