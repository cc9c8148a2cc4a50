"""The read side while others ask too much of it, and while its servers are away."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from adapters.http.server import DRAIN_S
from api.main import ANSWER_S
from deploy.waiting import until
from schemas.limits import STREAMS
from schemas.session_events import State
from tests.integration.reading import Reading, Stream, reading
from tests.reference.telling import put

SOON_S = ANSWER_S - 1.0
"""At once, on a machine that has other things to do: without the wait for a silent warehouse."""
ENDS_S = DRAIN_S - 1.0
"""The same for an end: without the wait for open streams."""


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    with reading(tmp_path_factory.mktemp("reading")) as running:
        yield running


def status_of(up: Reading, path: str, user: str = "") -> int:
    with up.client(user, timeout_s=SOON_S) as client:
        return client.get(path).status_code


def test_without_an_object_store_it_is_ready_and_says_what_it_works_without(up: Reading) -> None:
    answer = up.get_health("/readyz")
    assert (answer.status_code, answer.text) == (
        200,
        "ready without the object store: no transcripts and no quotes\n",
    )
    assert status_of(up, "/v1/sessions", "mei") == 200


def test_answers_say_how_new_they_are_and_operators_hear_when_they_are_old(up: Reading) -> None:
    def as_of() -> str:
        with up.client("mei") as client:
            return str(client.get("/v1/sessions").headers.get("Lah-As-Of", ""))

    assert as_of() == ""  # no sink has run
    hour_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    put(up.warehouse, "freshness", {"stage": "sink", "until": hour_ago})
    until(as_of, lambda found: found == hour_ago.isoformat())
    assert "; new numbers: these are 36" in up.get_health("/readyz").text
    now = datetime.now(UTC).replace(microsecond=0)
    put(up.warehouse, "freshness", {"stage": "sink", "until": now})
    until(as_of, lambda found: found == now.isoformat())
    assert "new numbers" not in up.get_health("/readyz").text


def test_readers_of_a_warehouse_that_hangs_hold_up_no_page_no_token_and_no_probe(
    up: Reading,
) -> None:
    def listed(user: str) -> httpx.Response:
        with up.client(user) as client:
            return client.get("/v1/sessions")

    with ThreadPoolExecutor(60) as readers:
        with up.hung():
            waiting = [readers.submit(listed, f"reader-{n}") for n in range(60)]
            time.sleep(1)  # until they wait
            assert status_of(up, "/wrapped") == 200
            assert status_of(up, "/v1/sessions") == 401
            assert up.get_health("/livez").status_code == 200
            until(lambda: up.get_health("/readyz").status_code, lambda status: status == 503)
            answers = [one.result() for one in waiting]
        assert {answer.status_code for answer in answers} == {503}
        assert all("Retry-After" in answer.headers for answer in answers)
    until(lambda: status_of(up, "/v1/sessions", "mei"), lambda status: status == 200)
    until(lambda: up.get_health("/readyz").status_code, lambda status: status == 200)


def test_a_user_has_so_many_streams_and_the_oldest_hears_why_it_ends(up: Reading) -> None:
    session_id = up.session("streamer")  # no stream of another test counts
    with ExitStack() as open_streams:
        streams = []
        for _ in range(STREAMS.most + 1):
            stream = open_streams.enter_context(Stream(up, "streamer", session_id))
            stream.began()
            streams.append(stream)
        assert streams[0].ended() == ["session", "closed"]
        assert "too-many-streams" in streams[0].events[-1][1]
        up.tell(session_id, "streamer", State.PROCESSING)
        for stream in streams[1:]:
            stream.saw("session", "session")


def test_a_stream_outlives_a_warehouse_that_dies_under_it(up: Reading) -> None:
    session_id = up.session("mei")
    with Stream(up, "mei", session_id) as stream:
        stream.saw("session")
        with up.away():
            stream.saw("session", "unavailable")
            with up.client("mei") as again:
                answer = again.get(f"/v1/sessions/{session_id}/events")
            assert (answer.status_code, answer.text.split("\n")[0]) == (200, "event: unavailable")
            assert "\nretry: " in answer.text
        stream.saw("session", "unavailable", "available")
        up.tell(session_id, "mei", State.ERASED)
        assert stream.ended() == ["session", "unavailable", "available", "closed"]
    assert "Traceback" not in up.log.read_text()


def test_it_ends_at_once_with_open_streams_and_says_that_it_does(up: Reading) -> None:
    session_id = up.session("mei")
    with ExitStack() as open_streams:
        streams = [open_streams.enter_context(Stream(up, "mei", session_id)) for _ in range(3)]
        for stream in streams:
            stream.saw("session")
        up.api.terminate()
        assert up.api.wait(ENDS_S) == 0
        for stream in streams:
            assert stream.ended() == ["session", "closed"]
    up.start()
