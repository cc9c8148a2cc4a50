"""Upload tokens: good for one session and one day, at any gateway with the secret."""

import pytest
from fastapi import Request
from pydantic import SecretStr

from adapters.http.problems import HttpProblem
from adapters.http.tokens import UPLOAD_S, Upload, UploadTokens
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from schemas.ids import SessionId, UserId

MINE = Upload(SessionId("mine"), UserId("owner"))


def tokens(secret: str = "s" * 32, age_s: int = 0) -> UploadTokens:
    """Tokens of a gateway whose clock is `age_s` behind."""
    settings = Settings(upload_secret=SecretStr(secret))
    return UploadTokens(settings, lambda: unix_ms() - age_s * 1000)


def request(authorization: str) -> Request:
    headers = [(b"authorization", authorization.encode())]
    return Request({"type": "http", "headers": headers})


def status(authorization: str, session_id: SessionId = MINE.session_id) -> int:
    with pytest.raises(HttpProblem) as problem:
        tokens().check(request(authorization), session_id)
    return problem.value.status


def test_a_token_is_good_for_its_session_alone() -> None:
    token = f"Bearer {tokens().sign(MINE)}"
    assert tokens().check(request(token), MINE.session_id) == MINE
    assert status(token, SessionId("another")) == 404


def test_a_token_ends_after_a_day() -> None:
    young = f"Bearer {tokens(age_s=UPLOAD_S - 60).sign(MINE)}"
    assert tokens().check(request(young), MINE.session_id) == MINE
    assert status(f"Bearer {tokens(age_s=UPLOAD_S + 60).sign(MINE)}") == 401


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer nonsense", "Basic c2VjcmV0"])
def test_nobody_is_401(authorization: str) -> None:
    assert status(authorization) == 401


def test_a_token_of_another_secret_is_401() -> None:
    assert status(f"Bearer {tokens('x' * 32).sign(MINE)}") == 401


def test_a_short_secret_is_no_secret() -> None:
    with pytest.raises(ValueError, match="32 characters"):
        tokens("short")
