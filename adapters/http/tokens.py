"""Bearer tokens: users' tokens are verified, upload tokens are signed and verified.

An upload token allows one owner to upload to one session.
"""

from dataclasses import dataclass
from functools import lru_cache

import jwt
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from adapters.http.identity_keys import IdentityKeys, reader
from adapters.http.page_sessions import PageSessions, cookie_of
from adapters.http.problems import HttpProblem, not_found
from adapters.http.signing import ALGORITHM, expiry_s
from adapters.process.clock import Clock, unix_ms
from adapters.settings import Settings
from schemas.ids import SessionId, UserId, user_id_of

UPLOAD_ALGORITHM = "HS256"
UPLOAD_AUDIENCE = "lahstats-upload"
UPLOAD_S = 24 * 3600
"""An upload token is good for a day: the phone gets a new one when it starts the session again."""
NOT_VALID = (jwt.PyJWTError, KeyError, ValueError, OverflowError, RecursionError)
"""Errors of a bad token. ValueError: no user's id, or a number that is not one. RecursionError:
lists within lists."""
LEEWAY_S = 60
"""How far the clock of the identity server may be from ours: for `iat`, `nbf` and `exp` alike."""


def unauthorised(detail: str) -> HttpProblem:
    """401, with advice."""
    return HttpProblem(401, "unauthorised", "Who is calling?", detail)


KEPT_TOKENS = 10_000
"""Upload tokens whose signature is known to be good: a phone sends the same one with each chunk."""


class UserTokens:
    """Verifies users' tokens. The algorithm is pinned; `iss`, `aud`, `sub` and `exp` are required.

    `token_keys` of the settings is a JWKS, a file or a URL, which is read again now and then. Pages
    send no token: their requests have the cookie of a session.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._may_block = settings.token_keys.startswith("http")
        self.pages = PageSessions(settings)
        read = reader(settings.token_keys)
        self._keys = IdentityKeys(read)
        if not self._may_block:
            read()  # a file that is not there is a mistake, and found at the start

    async def user(self, request: Request) -> UserId:
        """The caller.

        Raises HttpProblem: 401, 403 for a page's request that another site made, or 503 when the
        identity server was never there. Verification by a local key set runs at once: a thread
        would cost more than it.
        """
        if "Authorization" not in request.headers and (cookie := cookie_of(request)):
            return self._signed_in(request, cookie)
        token = bearer(request)
        if self._may_block:
            return await run_in_threadpool(self._verified, token)
        return self._verified(token)

    def _signed_in(self, request: Request, cookie: str) -> UserId:
        user = self.pages.user(request, cookie)
        if user is None:
            raise unauthorised("The session of this page is over: sign in again.")
        return user

    def _verified(self, token: str) -> UserId:
        try:
            return user_id_of(self._subject(token))
        except NOT_VALID as error:
            raise unauthorised(
                f"The token is not valid ({type(error).__name__}): ask for a new one."
            ) from None

    def _subject(self, token: str) -> object:
        claims = self._keys.claims(
            token,
            algorithms=[ALGORITHM],
            audience=self._settings.token_audience,
            issuer=self._settings.token_issuer,
            leeway=LEEWAY_S,
            options={"require": ["exp", "sub", "aud", "iss"]},
        )
        return claims["sub"]


def bearer(request: Request) -> str:
    """The bearer token of a request. Raises HttpProblem 401 when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise unauthorised("Send `Authorization: Bearer …`.")
    return token


@dataclass(frozen=True)
class Upload:
    """The claims of an upload token: `owner` may upload to `session_id`."""

    session_id: SessionId
    owner: UserId


@dataclass(frozen=True)
class _Verified:
    """A token that we signed: what it allows, and the Unix second at which it ends."""

    upload: Upload
    ends_s: int


class UploadTokens:
    """Any gateway signs and verifies them, without a look at the session."""

    def __init__(self, settings: Settings, clock: Clock = unix_ms) -> None:
        self._secret = settings.upload_secret.get_secret_value()
        self._clock = clock
        self._known = lru_cache(KEPT_TOKENS)(self._verified)
        if len(self._secret) < 32:
            raise ValueError("LAHSTATS_UPLOAD_SECRET must have 32 characters or more")

    def sign(self, upload: Upload) -> str:
        """A token, good for UPLOAD_S."""
        claims = {
            "sub": upload.owner,
            "sid": upload.session_id,
            "aud": UPLOAD_AUDIENCE,
            "exp": expiry_s(self._clock, UPLOAD_S),
        }
        return jwt.encode(claims, self._secret, algorithm=UPLOAD_ALGORITHM)

    def check(self, request: Request, session_id: SessionId) -> Upload:
        """The upload that the request's token allows.

        Raises HttpProblem: 401 when the token is not valid, 404 when it is for another session.
        """
        try:
            verified = self._known(bearer(request))
            if verified.ends_s <= self._clock() // 1000:
                raise jwt.ExpiredSignatureError
        except NOT_VALID as error:
            raise unauthorised(
                f"The upload token is not valid ({type(error).__name__}): "
                "PUT the session again for a new one."
            ) from None
        if verified.upload.session_id != session_id:
            raise not_found()
        return verified.upload

    def _verified(self, token: str) -> _Verified:
        """The claims of a token that we signed; it may have expired. Raises one of NOT_VALID."""
        claims = jwt.decode(
            token,
            self._secret,
            algorithms=[UPLOAD_ALGORITHM],
            audience=UPLOAD_AUDIENCE,
            options={"verify_exp": False, "require": ["exp", "sub", "sid"]},
        )
        upload = Upload(SessionId(claims["sid"]), UserId(claims["sub"]))
        return _Verified(upload, claims["exp"])
