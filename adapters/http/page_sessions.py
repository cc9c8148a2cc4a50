"""Sessions of people who use the pages: a short-lived token in a cookie that no script reads.

Both sides verify it, and ask nobody. `api.signing_in` signs it, and signs the next one while the
person is signed in (ADR 0033).
"""

import jwt
from fastapi import Request

from adapters.http.problems import HttpProblem
from adapters.process.clock import Clock, unix_ms
from adapters.settings import Settings
from schemas.ids import UserId, user_id_of

COOKIE = "lah"
SECURE_PREFIX = "__Host-"
"""Browsers take such a cookie over TLS only, for one host and all of its paths."""
PAGE_HEADER = "Lah-Page"
"""Scripts of other origins cannot send it without being asked for leave, which nobody gives."""
SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""
ALGORITHM = "HS256"
AUDIENCE = "lahstats-page"
SIGNED_IN_S = 600
"""How long a session token is good: so late does "sign out everywhere" reach the last page."""
LEAST_SECRET = 32
NOT_VALID = (jwt.PyJWTError, KeyError, ValueError, RecursionError)


class PageSessions:
    """Signs and verifies session tokens. Without a secret of the installation none is good."""

    def __init__(self, settings: Settings, clock: Clock = unix_ms) -> None:
        self._secret = settings.session_secret.get_secret_value()
        self._clock = clock

    def sign(self, user: UserId) -> str:
        """A token, good for SIGNED_IN_S. Raises ValueError without a secret."""
        if len(self._secret) < LEAST_SECRET:
            raise ValueError(f"LAHSTATS_SESSION_SECRET must have {LEAST_SECRET} characters or more")
        expires_s = self._clock() // 1000 + SIGNED_IN_S
        claims = {"sub": user, "aud": AUDIENCE, "exp": expires_s}
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def user(self, request: Request, token: str) -> UserId | None:
        """The person of a cookie; None when its token is not good, or too old.

        HttpProblem 403 when the request changes something and no page of ours sent it.
        """
        if request.method not in SAFE and PAGE_HEADER not in request.headers:
            raise not_from_a_page()
        if len(self._secret) < LEAST_SECRET:
            return None
        try:
            return user_id_of(self._claims(token)["sub"])
        except NOT_VALID:
            return None

    def _claims(self, token: str) -> dict[str, object]:
        claims: dict[str, object] = jwt.decode(
            token,
            self._secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["exp", "sub", "aud"], "verify_exp": False},
        )
        if int(str(claims["exp"])) <= self._clock() // 1000:
            raise jwt.ExpiredSignatureError
        return claims


def not_from_a_page() -> HttpProblem:
    """403: another site may have made the browser send this."""
    detail = f"A request that changes something, signed in by a cookie, has a header {PAGE_HEADER}."
    return HttpProblem(403, "not-from-a-page", "Not from a page of ours", detail)


def cookie_name(request: Request, name: str = COOKIE) -> str:
    """The cookie's name at the address that the browser knows."""
    return f"{SECURE_PREFIX}{name}" if request.url.scheme == "https" else name


def cookie_of(request: Request) -> str:
    """The session token that the browser sent; empty when it sent none."""
    return request.cookies.get(cookie_name(request), "")
