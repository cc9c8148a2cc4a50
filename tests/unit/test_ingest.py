"""Writes of the gateway: object, event, answer, in this order, and nothing after a failure."""

import asyncio
import hashlib

import pytest
from structlog.testing import capture_logs

from adapters.http.problems import HttpProblem
from adapters.http.tokens import Upload
from producers.gateway.chunk_audio import ChunkAudio
from producers.gateway.chunk_request import ChunkBody
from schemas.phone_events import ChunkUploaded, SessionEnded
from tests.write_side import FLAC, NOW_MS, OWNER, SESSION, WriteSide, listing

UPLOAD = Upload(SESSION, OWNER)
AUDIO = ChunkAudio(seq=3, start_ms=90_000, duration_ms=30_000, content_type="audio/flac")
OTHER = FLAC + b"other"


def taken(side: WriteSide, content: bytes = FLAC) -> bool:
    """Chunk 3 with this content; True when its bytes are new."""
    body = ChunkBody(content, digest(content))
    return asyncio.run(side.chunks.take(UPLOAD, AUDIO, body))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_the_object_is_written_before_the_event() -> None:
    side = WriteSide()
    assert taken(side)
    assert side.journal == ["put", "publish"]
    [event] = side.publisher.events
    assert event == ChunkUploaded(
        occurred_at_ms=NOW_MS,
        session_id=SESSION,
        owner=OWNER,
        seq=3,
        sha256=digest(FLAC),
        size=len(FLAC),
        content_type="audio/flac",
        start_ms=90_000,
        duration_ms=30_000,
    )


def test_a_repeat_writes_no_object_and_publishes_the_same_event() -> None:
    side = WriteSide()
    assert taken(side)
    assert not taken(side)
    assert side.journal == ["put", "publish", "publish"]
    assert side.publisher.events[0] == side.publisher.events[1]


def test_nothing_is_published_when_the_object_cannot_be_written() -> None:
    side = WriteSide()
    side.blobs.is_away = True
    with pytest.raises(HttpProblem) as problem:
        taken(side)
    assert problem.value.status == 503
    assert side.journal == []


def test_a_chunk_that_was_not_acknowledged_is_written_again() -> None:
    side = WriteSide()
    side.publisher.is_away = True
    with pytest.raises(HttpProblem) as problem:
        taken(side)
    assert (problem.value.status, side.journal) == (503, ["put"])
    side.publisher.is_away = False
    assert taken(side)
    assert side.journal == ["put", "put", "publish"]


def test_bytes_that_were_never_acknowledged_keep_no_number() -> None:
    side = WriteSide()
    side.publisher.is_away = True
    with pytest.raises(HttpProblem):
        taken(side)
    side.publisher.is_away = False
    assert taken(side, OTHER)


def test_other_bytes_overwrite_nothing_and_publish_nothing() -> None:
    side = WriteSide()
    taken(side)
    with pytest.raises(HttpProblem) as problem:
        taken(side, OTHER)
    assert problem.value.status == 409
    assert side.journal == ["put", "publish"]
    assert not taken(side)


def test_a_new_gateway_knows_the_numbers_from_the_directory() -> None:
    """Another process took the chunk; this one has its listing and the store."""
    side = WriteSide()
    taken(side)
    restarted = WriteSide()
    restarted.blobs.take_over(side.blobs)
    restarted.directory.take(listing(received=((3, 4),)))
    with pytest.raises(HttpProblem) as problem:
        taken(restarted, OTHER)
    assert problem.value.status == 409
    assert not taken(restarted)
    assert restarted.journal == ["publish"]


def test_no_chunk_lists_the_store() -> None:
    side = WriteSide()
    taken(side)
    taken(side)
    assert side.blobs.listings == 0


def test_an_upload_is_answered_201_after_both_writes() -> None:
    side = WriteSide()
    token = side.upload_token()
    answer = side.upload(seq=3, token=token)
    assert (answer.status_code, side.journal) == (201, ["put", "publish"])
    assert side.upload(seq=3, token=token).status_code == 200


@pytest.mark.parametrize(
    ("part", "name", "reason"),
    [
        ("blobs", "The object store", "the object store is away"),
        ("publisher", "Kafka", "kafka is away"),
    ],
)
def test_an_upload_is_answered_503_while_a_server_is_away(
    part: str, name: str, reason: str
) -> None:
    side = WriteSide()
    token = side.upload_token()
    getattr(side, part).is_away = True
    with capture_logs() as lines:
        answer = side.upload(token=token)
        side.upload(token=token)  # as many phones would
    said = {"event": "part_away", "log_level": "warning", "part": name, "reason": reason}
    assert lines == [{**said, "times": 1}]
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json()["retryable"]
    getattr(side, part).is_away = False
    assert side.upload(token=token).status_code in (200, 201)


def test_a_store_that_is_full_is_told_from_one_that_is_away() -> None:
    side = WriteSide()
    token = side.upload_token()
    side.blobs.is_full = True
    with capture_logs() as lines:
        answer = side.upload(token=token)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "full" in answer.json()["detail"]
    assert "does not answer" not in answer.json()["detail"]
    assert [line["reason"] for line in lines] == ["object store is full: it answered 507"]


def test_the_end_of_a_session_is_one_event() -> None:
    side = WriteSide()
    asyncio.run(side.ingest.complete(UPLOAD, 7))
    [event] = side.publisher.events
    assert isinstance(event, SessionEnded)
    assert (event.session_id, event.owner, event.chunks) == (SESSION, OWNER, 7)
