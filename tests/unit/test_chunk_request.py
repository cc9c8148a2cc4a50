"""A chunk's headers and body: each thing that is wrong has its own problem, and is counted."""

import pytest

from adapters.process.metrics import CHUNKS_ANSWERED
from tests.write_side import FLAC, SESSION, WriteSide

EIGHT_MIB = 8 << 20


def counted(status: int) -> float:
    return float(CHUNKS_ANSWERED.labels(str(status))._value.get())


@pytest.mark.parametrize(
    ("content", "headers", "status", "problem"),
    [
        (FLAC, {}, 201, ""),
        (FLAC, {"Content-Digest": "sha-256=:" + "A" * 43 + "=:"}, 400, "digest-mismatch"),
        (FLAC, {"Content-Digest": "sha-256=:not base64:"}, 422, "digest-required"),
        (FLAC, {"Content-Digest": "sha-256=:AAAA:"}, 422, "digest-required"),
        (FLAC, {"Content-Digest": "md5=:AAAA:"}, 422, "digest-required"),
        (FLAC, {"Content-Digest": ""}, 422, "digest-required"),
        (FLAC, {"Content-Length": "many"}, 411, "length-required"),
        (FLAC, {"Content-Length": "7"}, 400, "digest-mismatch"),
        (FLAC, {"Content-Length": str(EIGHT_MIB + 1)}, 413, "body-too-large"),
        (b"fLaC" + bytes(EIGHT_MIB), {"Content-Length": "7"}, 413, "body-too-large"),
        (b"", {}, 422, "empty-chunk"),
        (b"some text, renamed", {"Content-Type": "audio/mp4"}, 415, "not-audio"),
        (FLAC, {"Lah-Start-Ms": "-5"}, 422, "bad-number"),
        (FLAC, {"Lah-Start-Ms": ""}, 422, "bad-number"),
        (FLAC, {"Lah-Start-Ms": "43200001"}, 422, "bad-number"),
        (FLAC, {"Lah-Duration-Ms": "0"}, 422, "bad-number"),
        (FLAC, {"Lah-Duration-Ms": "1e9"}, 422, "bad-number"),
        (FLAC, {"Authorization": "Bearer nonsense"}, 401, "unauthorised"),
    ],
)
def test_an_upload_is_answered_and_counted(
    content: bytes, headers: dict[str, str], status: int, problem: str
) -> None:
    side = WriteSide()
    token = side.upload_token()
    before = counted(status)
    answer = side.upload(content=content, token=token, headers=headers)
    assert answer.status_code == status, answer.text
    assert counted(status) == before + 1
    if problem:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"].endswith(problem)
        assert side.journal == []


@pytest.mark.parametrize("seq", [-1, 5000])
def test_a_number_beyond_a_session_is_refused(seq: int) -> None:
    answer = WriteSide().upload(seq=seq)
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["path", "seq"])


@pytest.mark.parametrize("content", [FLAC, b"fLa" + FLAC[4:]])
def test_a_damaged_chunk_is_worth_another_try(content: bytes) -> None:
    """Also when the damage is in the bytes that say that it is audio."""
    digest = {"Content-Digest": "sha-256=:" + "A" * 43 + "=:"}
    answer = WriteSide().upload(content=content, headers=digest)
    assert (answer.status_code, answer.json()["retryable"]) == (400, True)


def test_a_crash_is_counted_as_500(monkeypatch: pytest.MonkeyPatch) -> None:
    side = WriteSide()
    token = side.upload_token()

    def crash(*_: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(side.chunks, "take", crash)
    before = counted(500)
    assert side.upload(token=token).status_code == 500
    assert counted(500) == before + 1


def test_other_routes_are_not_counted() -> None:
    side = WriteSide()
    before = [counted(status) for status in (200, 201, 202, 404, 405, 422)]
    token = {"Authorization": f"Bearer {side.upload_token()}"}
    path = f"/v1/sessions/{SESSION}/chunks"
    assert side.client.request("GET", path, headers=token).status_code == 404
    assert side.client.request("GET", f"{path}/0", headers=token).status_code == 405
    side.call("PUT", f"/v1/sessions/{SESSION}", {})
    assert [counted(status) for status in (200, 201, 202, 404, 405, 422)] == before
