"""Users' tokens for local use.

Apart from their verification: the command line signs tokens and loads no web framework.
"""

import jwt

from adapters.process.clock import Clock, unix_ms
from adapters.settings import Settings
from schemas.ids import user_id_of

ALGORITHM = "EdDSA"
SIGNING_KEY = "token_signing_key.pem"
KEY_ID = "local"


def sign_user(settings: Settings, user: str, ttl_s: int) -> str:
    """A user token that is good for `ttl_s` seconds. Raises PermissionError outside development.

    Raises ValueError for an id that no server takes, FileNotFoundError when the stack has no
    signing key yet: its first start makes one.
    """
    if settings.environment != "development":
        raise PermissionError(
            "tokens are signed here in development only: use your identity provider"
        )
    key = settings.data_dir / "secrets" / SIGNING_KEY
    if not key.is_file():
        raise FileNotFoundError(f"{key} is not there yet: `lahstats up` makes it")
    claims = {
        "sub": user_id_of(user),
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "exp": expiry_s(unix_ms, ttl_s),
    }
    return jwt.encode(claims, key.read_text(), algorithm=ALGORITHM, headers={"kid": KEY_ID})


def expiry_s(clock: Clock, ttl_s: int) -> int:
    """Unix seconds, the unit of a token's `exp`."""
    return clock() // 1000 + ttl_s
