"""Who is calling: user tokens verified against a key set, upload tokens signed for one session and owner."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from adapters.http.problems import Refusal, not_found
from adapters.settings import Settings
from schemas.ids import UserId

ALGORITHM = "EdDSA"
UPLOAD_ALGORITHM, UPLOAD_AUDIENCE, UPLOAD_S = "HS256", "lahstats-upload", 24 * 3600


def unauthorised(detail: str) -> Refusal:
    """401, with what to do."""
    return Refusal(401, "unauthorised", "Who is calling?", detail)


class UserTokens:
    """Verifies: algorithm pinned, `iss`, `aud` and `exp` required. `token_keys` is a JWKS file or URL."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        keys = settings.token_keys
        self._remote = (
            jwt.PyJWKClient(keys, cache_keys=True, timeout=5) if keys.startswith("http") else None
        )
        self._local = (
            None if self._remote else jwt.PyJWKSet.from_dict(json.loads(Path(keys).read_text()))
        )

    async def user(self, request: Request) -> UserId:
        """The caller. Raises Refusal 401. A local key set is asked at once: a thread would cost more than the question."""
        token = bearer(request)
        return (
            await run_in_threadpool(self._verified, token)
            if self._remote
            else self._verified(token)
        )

    def _verified(self, token: str) -> UserId:
        try:
            claims = jwt.decode(
                token,
                self._key(token),
                algorithms=[ALGORITHM],
                audience=self._settings.token_audience,
                issuer=self._settings.token_issuer,
                options={"require": ["exp", "sub", "aud", "iss"]},
            )
        except (jwt.PyJWTError, KeyError) as error:
            raise unauthorised(
                f"The token is not valid ({type(error).__name__}): ask for a new one."
            ) from None
        return UserId(str(claims["sub"]))

    def _key(self, token: str) -> Any:
        if self._remote:
            return self._remote.get_signing_key_from_jwt(token).key
        assert self._local is not None
        return self._local[jwt.get_unverified_header(token).get("kid", "")].key


def bearer(request: Request) -> str:
    """The bearer token of a request; Refusal 401 when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise unauthorised("Send `Authorization: Bearer …`.")
    return token


@dataclass(frozen=True)
class Upload:
    """Whose session an upload token is for."""

    session_id: str
    owner: UserId


class UploadTokens:
    """Signed by any gateway, checked by any gateway, without knowing the session."""

    def __init__(self, settings: Settings) -> None:
        self._secret = settings.upload_secret.get_secret_value()
        if len(self._secret) < 32:
            raise ValueError("LAHSTATS_UPLOAD_SECRET must have 32 characters or more")

    def sign(self, upload: Upload) -> str:
        """Good for 24 hours."""
        claims = {
            "sub": upload.owner,
            "sid": upload.session_id,
            "aud": UPLOAD_AUDIENCE,
            "exp": int(time.time()) + UPLOAD_S,
        }
        return jwt.encode(claims, self._secret, algorithm=UPLOAD_ALGORITHM)

    def check(self, request: Request, session_id: str) -> Upload:
        """The upload that the token allows. 401 when it is not valid, 404 when it is for another session."""
        try:
            claims = jwt.decode(
                bearer(request),
                self._secret,
                algorithms=[UPLOAD_ALGORITHM],
                audience=UPLOAD_AUDIENCE,
            )
        except jwt.PyJWTError as error:
            raise unauthorised(
                f"The upload token is not valid ({type(error).__name__}): PUT the session again for a new one."
            ) from None
        if claims.get("sid") != session_id:
            raise not_found()
        return Upload(session_id, UserId(claims["sub"]))


def sign_user(settings: Settings, user: str, ttl_s: int) -> str:
    """A user token for local use. Raises PermissionError outside development."""
    if settings.environment != "development":
        raise PermissionError(
            "tokens are signed here in development only: use your identity provider"
        )
    key = (settings.data_dir / "secrets" / "token_signing_key.pem").read_text()
    claims = {
        "sub": user,
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "exp": int(time.time()) + ttl_s,
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": "local"})
