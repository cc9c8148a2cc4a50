"""The identity provider, by OpenID Connect: authorization code with PKCE. Blocking.

Its discovery document says where everything is, so two settings are enough for any provider.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import msgspec
from cachetools import TTLCache

from adapters.http.identity_keys import IdentityKeys, reader
from adapters.http.problems import away
from adapters.http.tokens import LEEWAY_S
from api.kept_answers import KeptAnswers
from schemas.codec import NO_EVENT
from schemas.ids import UserId, user_id_of

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
"""Of signatures by a key pair. One by a shared secret would be anybody's who knows it."""
SCOPES = ("openid", "profile", "offline_access")
TIMEOUT_S = 5.0
DISCOVERED_S = 3600
THE_PROVIDER = "The identity provider"
NOT_VALID = (jwt.PyJWTError, KeyError, ValueError, TypeError, RecursionError)


class RefusedError(Exception):
    """The provider says no, or what it says is not valid: the person has to sign in again."""


class Discovered(msgspec.Struct, frozen=True):
    """The part of `/.well-known/openid-configuration` that the product needs."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    scopes_supported: list[str] = []
    revocation_endpoint: str = ""
    end_session_endpoint: str = ""


class Granted(msgspec.Struct, frozen=True):
    """The answer of the token endpoint. A renewal need not have an ID token."""

    id_token: str = ""
    refresh_token: str = ""


@dataclass(frozen=True)
class Person:
    """The person of an ID token. `name` is the provider's word for them, perhaps empty."""

    user: UserId
    name: str
    refresh_token: str


class Provider:
    """One provider, which knows us as `client_id`. Thread-safe.

    Every method raises HttpProblem 503 when it is away, and those that bring something to it
    RefusedError when it says no.
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        secret: str,
        home: str,
    ) -> None:
        """`home` is the origin of the pages: the provider leads people back there."""
        self._issuer = issuer.rstrip("/")
        self._client = client_id
        self._secret = secret
        self._home = home
        self._http = httpx.Client(timeout=TIMEOUT_S)
        self._known = KeptAnswers[tuple[Discovered, IdentityKeys]](TTLCache(1, DISCOVERED_S))

    @property
    def callback(self) -> str:
        """Where the provider leads people back to; it has to know this address."""
        return f"{self._home}/auth/callback"

    def begin(self, state: str, nonce: str, verifier: str) -> str:
        """The address at which a person signs in."""
        found, _ = self._discovered()
        scopes = [scope for scope in SCOPES if scope in (found.scopes_supported or SCOPES)]
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self.callback,
            "scope": " ".join(scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        if "offline_access" in scopes:
            asked["prompt"] = "consent"  # the standard gives no refresh token without it
        return _asking(found.authorization_endpoint, asked)

    def granted(self, code: str, verifier: str, nonce: str) -> Person:
        """The person who came back with a code."""
        given = {"code": code, "code_verifier": verifier, "redirect_uri": self.callback}
        granted = self._tokens("authorization_code", given)
        claims = self._claims(granted.id_token)
        if claims.get("nonce") != nonce:
            raise RefusedError("nonce")
        return _person(claims, granted.refresh_token)

    def renewed(self, refresh_token: str, user: UserId) -> str:
        """The refresh token from now on. The person must be the same."""
        granted = self._tokens("refresh_token", {"refresh_token": refresh_token})
        if granted.id_token and self._claims(granted.id_token).get("sub") != user:
            raise RefusedError("sub")
        return granted.refresh_token or refresh_token

    def revoke(self, refresh_token: str) -> None:
        """The refresh token is good for nothing from now on, where the provider can do that."""
        found, _ = self._discovered()
        if found.revocation_endpoint and refresh_token:
            self._post(found.revocation_endpoint, {"token": refresh_token})

    def leave(self) -> str:
        """The address that ends the person's session at the provider; empty when it has none."""
        found, _ = self._discovered()
        if not found.end_session_endpoint:
            return ""
        asked = {"client_id": self._client, "post_logout_redirect_uri": f"{self._home}/"}
        return _asking(found.end_session_endpoint, asked)

    def _tokens(self, grant: str, given: dict[str, str]) -> Granted:
        found, _ = self._discovered()
        answer = self._post(found.token_endpoint, {"grant_type": grant, **given})
        try:
            return msgspec.json.decode(answer.content, type=Granted)
        except NO_EVENT:
            raise away(THE_PROVIDER) from None

    def _post(self, address: str, given: dict[str, str]) -> httpx.Response:
        body = {"client_id": self._client, **given}
        if self._secret:
            body["client_secret"] = self._secret
        try:
            answer = self._http.post(address, data=body)
        except httpx.HTTPError:
            raise away(THE_PROVIDER) from None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise away(THE_PROVIDER)
        if not answer.is_success:
            raise RefusedError(str(answer.status_code))
        return answer

    def _discovered(self) -> tuple[Discovered, IdentityKeys]:
        return self._known.get("", self._discover)

    def _discover(self) -> tuple[Discovered, IdentityKeys]:
        try:
            answer = self._http.get(f"{self._issuer}/.well-known/openid-configuration")
            found = msgspec.json.decode(answer.raise_for_status().content, type=Discovered)
        except (httpx.HTTPError, *NO_EVENT):
            raise away(THE_PROVIDER) from None
        if found.issuer.rstrip("/") != self._issuer:
            raise away(THE_PROVIDER)
        return found, IdentityKeys(reader(found.jwks_uri))

    def _claims(self, id_token: str) -> dict[str, Any]:
        found, keys = self._discovered()
        try:
            return keys.claims(
                id_token,
                algorithms=ALGORITHMS,
                audience=self._client,
                issuer=found.issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except NOT_VALID as error:
            raise RefusedError(type(error).__name__) from None


def _asking(endpoint: str, asked: dict[str, str]) -> str:
    """The endpoint with more parameters: it may have some already (RFC 6749, section 3.1)."""
    return str(httpx.URL(endpoint).copy_merge_params(asked))


def challenge(verifier: str) -> str:
    """Pure: the digest that a code is bound to (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _person(claims: dict[str, Any], refresh_token: str) -> Person:
    try:
        user = user_id_of(claims["sub"])
    except ValueError:
        raise RefusedError("sub") from None
    return Person(user, str(claims.get("name") or ""), refresh_token)
