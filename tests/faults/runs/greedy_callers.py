"""Callers who ask for more than their share, while others record."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx

from adapters.http.signing import sign_user
from deploy.waiting import until
from tests.faults.load import TOKEN_S, Recorded
from tests.faults.registry import fault
from tests.faults.runs.odd_people import CHUNKS, speaking
from tests.faults.scene import Scene
from tests.integration import test_edge
from tests.integration.people import Person
from tests.integration.phones import RawPhone
from tests.sessions_on_topics import Answers

SIDES = ("gateway", "api")
STREAMS = 300
READERS = 40
HINTS = 60
PICTURES = 300
YEAR = {"first": f"{datetime.now(UTC).year}-01-01", "last": f"{datetime.now(UTC).year}-12-31"}
FROZEN_S = 20.0
OTHERS_S = 8.0
"""A request of somebody else takes less, on a machine that has other things to do."""
ENDS_S = 10.0
"""The api ends within this time, whoever listens to it."""
CALM = 5
"""Times in a row, two seconds apart, that a session has the same generation."""


@fault(
    "callers-without-an-end",
    rows=("T7", "T8"),
    injected="60 MB of JSON lists; 500 half-sent heads to each side; 200 uploads at a byte a "
    "second",
)
def callers_without_an_end(scene: Scene) -> None:
    test_edge.test_a_large_body_is_refused_before_it_is_read(scene.stack)
    for side in SIDES:
        test_edge.half_sent_heads(scene.stack, side)
    test_edge.test_uploads_of_a_byte_a_second_are_ended(scene.stack)


@fault(
    "many-readers",
    rows=("T9", "T13", "T14"),
    injected=f"{STREAMS} event streams of one user; ClickHouse hangs 20 s while {READERS} wait; "
    "SIGTERM to the api with streams open",
    may_restart=("api",),
)
def many_readers(scene: Scene) -> None:
    session = scene.load.sessions[0]
    with streams(scene, session):
        assert test_edge.answered_in_s(scene.stack, "api") < OTHERS_S
        hang_under_readers(scene)
        began_s = time.monotonic()
        scene.supervisor.stop(["api"])
        took_s = time.monotonic() - began_s
        assert took_s < ENDS_S, f"the api took {took_s:.1f} s to end"
        assert scene.supervisor.states()["api"].exit_status == 0
    scene.start(["api"])
    assert "Traceback" not in scene.supervisor.log_tail("api", 200)


@fault(
    "hints-in-a-row",
    rows=("T11",),
    injected=f"{HINTS} hints of how many people talked, to one session that is ready",
)
def hints_in_a_row(scene: Scene) -> None:
    settings = scene.stack.settings
    phone = speaking(settings, "hinted")
    phone.complete(CHUNKS).raise_for_status()
    scene.final(phone.user, phone.session_id)
    with Answers(settings.kafka) as answers:
        assert hinted(Person(settings, phone.user), phone) <= {200, 202, 429}
        last = settled(scene, phone)
        seals = answers.sealed[phone.session_id]
        until(lambda: last in {sealed.generation for sealed in seals}, bool, scene.final_s)
    opened = {sealed.generation for sealed in seals}
    # Each hint has a number of its own; a generation that is worked on is sealed.
    assert len(opened) < HINTS / 4, f"{len(opened)} generations for {HINTS} hints"


def hinted(owner: Person, phone: RawPhone) -> set[int]:
    """The statuses of the answers to hints, eight at a time."""
    path = f"/v1/sessions/{phone.session_id}/hints"
    bodies = [{"speakers": 2 + number % 3} for number in range(HINTS)]
    with ThreadPoolExecutor(8) as pool:
        return set(pool.map(lambda body: owner.ask("POST", path, body).status_code, bodies))


def settled(scene: Scene, phone: RawPhone) -> int:
    """The last generation of a session that had hints: no other one comes for a while. Blocking."""
    seen: list[int] = []

    def seen_again() -> set[int]:
        seen.append(scene.final(phone.user, phone.session_id).generation)
        return set(seen[-CALM:])

    until(
        seen_again,
        lambda last: len(seen) >= CALM and len(last) == 1,
        scene.final_s,
        every_s=2,
    )
    return seen[-1]


@fault(
    "share-pictures",
    rows=("T10",),
    injected=f"the picture of one link is asked for {PICTURES} times without a token",
)
def share_pictures(scene: Scene) -> None:
    session = scene.load.sessions[0]
    scene.final(session.owner, session.session_id)
    owner = Person(scene.stack.settings, session.owner)
    path = f"/v1/sessions/{session.session_id}/claims"
    owner.done("POST", path, {"speaker": "S1", "claim": "self"})
    link = owner.done("POST", "/v1/users/me/shares", YEAR)["path"]
    stranger = Person(scene.stack.settings, "", token=None)
    picture = f"{link}/card?shape=story"
    until(lambda: stranger.get(picture).status_code, lambda status: status == 200, scene.final_s)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(stranger.get, picture) for _ in range(PICTURES)]
        waited_s = [test_edge.answered_in_s(scene.stack, "api") for _ in range(5)]
    assert {one.result().status_code for one in asked} <= {200, 304, 429, 503}
    assert max(waited_s) < OTHERS_S, f"others waited {max(waited_s):.1f} s"


@contextmanager
def streams(scene: Scene, session: Recorded) -> Iterator[None]:
    """Event streams of one user are open while the block runs: as many as the api keeps."""
    token = sign_user(scene.stack.settings, session.owner, TOKEN_S)
    lines = [
        f"GET /v1/sessions/{session.session_id}/events HTTP/1.1",
        "Host: api",
        f"Authorization: Bearer {token}",
        "Accept: text/event-stream",
    ]
    with test_edge.many(scene.stack, "api", STREAMS) as clients:
        for client in clients:
            client.send("\r\n".join([*lines, "", ""]).encode())
        yield


def hang_under_readers(scene: Scene) -> None:
    """ClickHouse hangs: those who need it are told, and nobody else waits for them."""
    url = scene.stack.settings.url("api")
    with scene.frozen(["clickhouse"]), ThreadPoolExecutor(READERS) as pool:
        began_s = time.monotonic()
        for number in range(READERS):
            pool.submit(listed, scene, f"reader-{number}")
        time.sleep(1)
        for path, status in (("/wrapped", 200), ("/v1/sessions", 401)):
            answer = httpx.get(f"{url}{path}", timeout=OTHERS_S)
            assert answer.status_code == status, f"{path}: {answer.status_code}"
        time.sleep(max(0.0, began_s + FROZEN_S - time.monotonic()))


def listed(scene: Scene, user: str) -> int:
    """The status of a question that needs ClickHouse."""
    return Person(scene.stack.settings, user).get("/v1/sessions").status_code
