"""Bad input gets a clear, typed answer.

The result names missing audio, and the workers live on.
"""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import soundfile as sf

from deploy.demo.api_answers import Session
from deploy.demo.api_client import ApiClient
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from tests.integration.conftest import END_S, WHOLE
from tests.integration.phones import RawPhone, flac, long_opus

HEARD_S = 300.0
"""A busy machine may need so long for a session."""
PIECE_S = 12
"""Three of them are two windows, and the second is in both."""
PART_MS = str(END_S * 500)
"""Half of the end of a recording."""
RENAMED = b"just some text, renamed to .m4a"
FFCONCAT = b"ffconcat version 1.0\nfile /etc/hostname\n"


@cache
def good() -> bytes:
    """A chunk. It is made where it is needed: each process that collects would make it."""
    return flac(30)


@pytest.fixture
def phone(stack: RunningStack) -> RawPhone:
    made = RawPhone(stack.settings)
    assert made.start().status_code == 201
    return made


@pytest.mark.parametrize(
    ("content", "headers", "status", "problem"),
    [
        (good, {"Content_Digest": "sha-256=:" + "A" * 43 + "=:"}, 400, "digest-mismatch"),
        (good, {"Content_Digest": "sha-256=:not base64:"}, 422, "digest-required"),
        (good, {"Content_Digest": ""}, 422, "digest-required"),
        (lambda: b"fLaC" + bytes(8 << 20), {}, 413, "body-too-large"),
        (bytes, {}, 422, "empty-chunk"),
        (lambda: RENAMED, {"Content_Type": "audio/mp4"}, 415, "not-audio"),
        (lambda: FFCONCAT, {"Content_Type": "audio/mp4"}, 415, "not-audio"),
        (lambda: b"fLaC\n" + FFCONCAT, {}, 415, "not-audio"),
        (lambda: long_opus(5), {}, 422, "chunk-too-long"),
        (good, {"Lah_Start_Ms": "-5"}, 422, "bad-number"),
        (good, {"Lah_Start_Ms": ""}, 422, "bad-number"),
        (good, {"Lah_Duration_Ms": "1e9"}, 422, "bad-number"),
        (good, {"Authorization": ""}, 401, "unauthorised"),
        (good, {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}, 401, "unauthorised"),
    ],
)
def test_a_bad_chunk_is_refused(
    phone: RawPhone,
    content: Callable[[], bytes],
    headers: dict[str, str],
    status: int,
    problem: str,
) -> None:
    answer = phone.chunk(0, content(), **headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith(problem)
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "changes",
    [
        {"time_zone": "Asia/Nowhere"},
        {"recorded_at": "yesterday"},
        {"recorded_at": "2026-11-23T10:00:00"},
        {"consent": None},
        {"speakers_hint": 0},
        {"surprise": 1},
    ],
)
def test_a_bad_start_is_refused(stack: RunningStack, changes: dict[str, Any]) -> None:
    answer = RawPhone(stack.settings).start(**changes)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_another_persons_session_looks_like_none(stack: RunningStack, phone: RawPhone) -> None:
    until(
        lambda: (
            phone.http.get(
                f"/v1/sessions/{phone.session_id}/chunks", headers=phone.upload_headers
            ).status_code
        ),
        lambda s: s == 200,
    )
    stranger = RawPhone(stack.settings, "somebody-else")
    assert stranger.start().status_code == 201
    own_token = stranger.upload_headers
    stranger.session_id = phone.session_id
    answers = [stranger.start(), stranger.chunk(0, good()), stranger.complete(1)]
    claim = stranger.http.post(
        f"/v1/sessions/{phone.session_id}/claims",
        json={"speaker": "S1", "claim": "self"},
        headers=stranger.user_headers,
    )
    assert [answer.status_code for answer in (*answers, claim)] == [404, 404, 404, 404]
    assert own_token


def test_other_bytes_under_a_number_are_a_conflict_and_repeats_are_not(phone: RawPhone) -> None:
    first = flac(1, level=0.001)
    other = flac(1, seed=1, level=0.001)
    answers = [
        phone.chunk(0, content, Lah_Duration_Ms="1000") for content in (first, first, other, first)
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 409, 200]
    assert answers[2].json()["type"].endswith("chunk-conflict")


def heard(stack: RunningStack, phone: RawPhone) -> tuple[Session, list[tuple[float, float]]]:
    """The session when it is final, and the seconds that its result says are missing."""
    stats = ApiClient(stack.settings, phone.user)
    session = stats.await_final(phone.session_id, lambda _: None, HEARD_S)
    return session, [(span.start_s, span.end_s) for span in session.missing_audio]


def test_a_session_with_nobody_speaking_is_completed_without_speakers(
    stack: RunningStack, phone: RawPhone
) -> None:
    """Chunks out of order and repeated on the way."""
    for seq in (1, 0, 1):
        piece(phone, seq, flac(PIECE_S, seed=seq, level=0.0005))
    phone.complete(2)
    session, missing = heard(stack, phone)
    assert session.state == "completed"
    assert missing == []
    assert (
        ApiClient(stack.settings, phone.user).get(f"/v1/sessions/{phone.session_id}/speakers")[
            "speakers"
        ]
        == []
    )


def piece(phone: RawPhone, seq: int, content: bytes) -> None:
    """Send a short chunk, which is taken."""
    times = {"Lah_Start_Ms": str(seq * PIECE_S * 1000), "Lah_Duration_Ms": str(PIECE_S * 1000)}
    assert phone.chunk(seq, content, **times).is_success, len(content)


def half() -> bytes:
    noise = flac(PIECE_S, level=0.01)
    return noise[: len(noise) // 2]


def room() -> bytes:
    """A room in which nobody speaks."""
    return flac(PIECE_S, level=0.0005)


DAMAGED: dict[str, Callable[[], bytes]] = {
    "half a file": half,
    "zeros": lambda: flac(PIECE_S),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_what_was_not_recorded_is_named_in_the_result(
    stack: RunningStack, phone: RawPhone, damage: str
) -> None:
    """In each of two windows a part is missing."""
    for seq, content in enumerate((room(), DAMAGED[damage](), room())):
        piece(phone, seq, content)
    phone.complete(3)
    session, missing = heard(stack, phone)
    assert session.state == "completed"
    [(start, end)] = missing
    assert end == pytest.approx(2 * PIECE_S, abs=0.3)
    if damage == "half a file":
        assert start == pytest.approx(1.5 * PIECE_S, abs=0.4)
    else:
        assert start == PIECE_S


def test_a_missing_chunk_is_named_after_the_grace_and_heard_when_it_comes_late(
    stack: RunningStack, phone: RawPhone
) -> None:
    speech, rest = spoken()
    phone.chunk(0, speech, Lah_Duration_Ms=PART_MS)
    phone.complete(2)
    session, missing = heard(stack, phone)
    # Where nothing came, nobody knows how long it was: the sealed length is what is here, the
    # number is listed as missing.
    until(lambda: phone.received()["missing"], [[1, 1]].__eq__)  # another reader of the topic
    late = {"Lah_Start_Ms": PART_MS, "Lah_Duration_Ms": PART_MS}
    assert phone.chunk(1, rest, **late).status_code == 201
    stats = ApiClient(stack.settings, phone.user)
    ask = lambda: stats.get(f"/v1/sessions/{phone.session_id}")  # noqa: E731
    later = until(
        ask,
        lambda s: (
            s["generation"] > session.generation
            and s["state"] in ("ready_for_claiming", "completed")
        ),
        HEARD_S,
    )
    assert later["audio_s"] > session.audio_s
    assert missing == []


def spoken() -> tuple[bytes, bytes]:
    """The end of a recording as two chunks. They are in one window, which is heard twice."""
    samples, rate = sf.read(WHOLE, dtype="float32")
    parts = []
    for part in np.split(samples[-END_S * rate :], 2):
        out = io.BytesIO()
        sf.write(out, part, rate, format="FLAC")
        parts.append(out.getvalue())
    return parts[0], parts[1]
