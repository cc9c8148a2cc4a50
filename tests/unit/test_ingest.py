"""Writes of the gateway: object, event, answer, in this order, and nothing after a failure."""

import hashlib

import pytest

from adapters.http.problems import HttpProblem
from adapters.http.tokens import Upload
from producers.gateway.chunk_request import ChunkBody, ChunkHeaders
from schemas.phone_events import ChunkUploaded, SessionEnded
from tests.write_side import FLAC, NOW_MS, OWNER, SESSION, WriteSide

UPLOAD = Upload(SESSION, OWNER)
HEADERS = ChunkHeaders(seq=3, start_ms=90_000, duration_ms=30_000, content_type="audio/flac")
OTHER = FLAC + b"other"


def body(content: bytes = FLAC) -> ChunkBody:
    return ChunkBody(content, hashlib.sha256(content).hexdigest())


def test_the_object_is_written_before_the_event() -> None:
    side = WriteSide()
    assert side.ingest.chunk(UPLOAD, HEADERS, body())
    assert side.journal == ["put", "publish"]
    [event] = side.publisher.events
    assert event == ChunkUploaded(
        occurred_at_ms=NOW_MS,
        session_id=SESSION,
        owner=OWNER,
        seq=3,
        sha256=body().sha256,
        size=len(FLAC),
        content_type="audio/flac",
        start_ms=90_000,
        duration_ms=30_000,
    )


def test_a_repeat_writes_no_object_and_publishes_the_same_event() -> None:
    side = WriteSide()
    assert side.ingest.chunk(UPLOAD, HEADERS, body())
    assert not side.ingest.chunk(UPLOAD, HEADERS, body())
    assert side.journal == ["put", "publish", "publish"]
    assert side.publisher.events[0] == side.publisher.events[1]


def test_nothing_is_published_when_the_object_cannot_be_written() -> None:
    side = WriteSide()
    side.blobs.is_away = True
    with pytest.raises(HttpProblem) as problem:
        side.ingest.chunk(UPLOAD, HEADERS, body())
    assert problem.value.status == 503
    assert side.journal == []


def test_an_object_without_its_event_is_published_on_the_next_try() -> None:
    side = WriteSide()
    side.publisher.is_away = True
    with pytest.raises(HttpProblem) as problem:
        side.ingest.chunk(UPLOAD, HEADERS, body())
    assert (problem.value.status, side.journal) == (503, ["put"])
    side.publisher.is_away = False
    assert not side.ingest.chunk(UPLOAD, HEADERS, body())
    assert side.journal == ["put", "publish"]


def test_other_bytes_overwrite_nothing_and_publish_nothing() -> None:
    side = WriteSide()
    side.ingest.chunk(UPLOAD, HEADERS, body())
    with pytest.raises(HttpProblem) as problem:
        side.ingest.chunk(UPLOAD, HEADERS, body(OTHER))
    assert problem.value.status == 409
    assert side.journal == ["put", "publish"]
    assert not side.ingest.chunk(UPLOAD, HEADERS, body())


def test_an_upload_is_answered_201_after_both_writes() -> None:
    side = WriteSide()
    token = side.upload_token()
    answer = side.upload(seq=3, token=token)
    assert (answer.status_code, side.journal) == (201, ["put", "publish"])
    assert side.upload(seq=3, token=token).status_code == 200


@pytest.mark.parametrize("part", ["blobs", "publisher"])
def test_an_upload_is_answered_503_while_a_server_is_away(part: str) -> None:
    side = WriteSide()
    token = side.upload_token()
    getattr(side, part).is_away = True
    answer = side.upload(token=token)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json()["retryable"]
    getattr(side, part).is_away = False
    assert side.upload(token=token).status_code in (200, 201)


def test_the_end_of_a_session_is_one_event() -> None:
    side = WriteSide()
    side.ingest.complete(UPLOAD, 7)
    [event] = side.publisher.events
    assert isinstance(event, SessionEnded)
    assert (event.session_id, event.owner, event.chunks) == (SESSION, OWNER, 7)
