"""Sessions of people who use the pages: here they begin, are renewed, and end."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache
from msgspec.structs import replace

from adapters.http.page_sessions import SIGNED_IN_S, PageSessions
from adapters.http.problems import HttpProblem, not_found
from adapters.process.clock import Clock, unix_ms
from adapters.process.logs import logger
from adapters.settings import Settings
from api.kept_answers import KeptAnswers
from api.signing_in.cookies import BEGUN_S, KEPT_S, MOST_VALUE
from api.signing_in.names import is_of_others
from api.signing_in.provider import Provider, RefusedError
from api.signing_in.seal import Begun, KeptSignIn, Seal
from schemas.ids import UserId, user_id_of
from schemas.limits import NAME, SESSION_MS

WITHOUT_REFRESH_MS = SESSION_MS.most
"""Without a refresh token the provider is asked again after so long: the longest recording."""
MOST_SIGN_INS = 16
"""At a time: each waits for the provider, or the warehouse, on a thread that tokens need too."""
MOST_SIGN_INS_OF_CLIENT = 8
"""Of an address: nobody knows yet who it is, and the provider may lock us out."""
MOST_AFTER = 500
"""Characters of a path to go on at: those of the longest address of a page, several times."""
ANSWERED_S = 60
MOST_ANSWERED = 10_000
"""A renewal whose answer was lost is asked for again: providers take a refresh token once."""


@dataclass(frozen=True)
class SignedIn:
    """A session: its token, and what renews it."""

    user: UserId
    token: str
    kept: str
    good_for_s: int = SIGNED_IN_S


@dataclass(frozen=True)
class Beginning:
    """The provider's address, and what the browser keeps until it comes back."""

    address: str
    begun: str


def _never(_user: UserId) -> int:
    return 0


class SigningIn:
    """Sessions of browsers. Stores nothing: what has to be kept is with the browser, sealed.

    Blocking while it asks the provider; HttpProblem 503 when that is away.
    """

    def __init__(self, settings: Settings, clock: Clock = unix_ms) -> None:
        self._pages = PageSessions(settings, clock)
        self._seal = Seal(settings.session_secret.get_secret_value())
        self._clock = clock
        self._renewals = KeptAnswers[KeptSignIn | None](TTLCache(MOST_ANSWERED, ANSWERED_S))
        self._provider = _provider_of(settings)
        self._home = settings.page_origin
        self.is_development = settings.environment == "development"

    @property
    def has_provider(self) -> bool:
        """Whether people sign in at an identity provider."""
        return self._provider is not None

    def chosen(self, name: str, address: str) -> SignedIn:
        """Sign in as a chosen name, at this address of ours.

        HttpProblem: 404 outside development, 421 under a name of others, 422 for a bad name.
        """
        if not self.is_development:
            raise not_found("page")
        if is_of_others(address, self._home):
            raise _not_this_name()
        try:
            user = user_id_of(name.strip())
        except ValueError as error:
            raise HttpProblem(422, "bad-name", "Another name, please", f"{error}.") from None
        kept = KeptSignIn(user=user, since_ms=self._clock(), name=name.strip()[: NAME.most])
        return self._signed_in(kept)

    def begin(self, after: str) -> Beginning:
        """Lead somebody to the provider; they come back to the path `after`."""
        provider = self._some_provider()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        begun = Begun(
            state=state,
            nonce=nonce,
            verifier=verifier,
            after=local(after),
        )
        address = provider.begin(state, nonce, verifier)
        return Beginning(address, self._seal.closed(begun, self._now_s()))

    def returned(self, code: str, state: str, sealed: str) -> tuple[SignedIn, str]:
        """Sign in who came back from the provider. Also returns the path to go on at.

        Raises RefusedError when it is not the browser that went, or the provider says no.
        """
        begun = self._seal.opened(sealed, Begun, BEGUN_S, self._now_s())
        if begun is None or not secrets.compare_digest(begun.state.encode(), state.encode()):
            raise RefusedError("state")
        person = self._some_provider().granted(code, begun.verifier, begun.nonce)
        kept = KeptSignIn(
            user=person.user,
            since_ms=self._clock(),
            refresh_token=person.refresh_token,
            name=person.name[: NAME.most],
        )
        return self._signed_in(kept), begun.after

    def renewed(
        self, sealed: str, signed_out_at_ms: Callable[[UserId], int] = _never
    ) -> SignedIn | None:
        """Go on with a session; None when it is over.

        `signed_out_at_ms`: a person's sessions that began before this Unix time are over.
        """
        kept = self._kept(sealed)
        if kept is None or kept.since_ms <= signed_out_at_ms(kept.user):
            return None
        renewed = self._renew(kept)
        return None if renewed is None else self._signed_in(renewed)

    def suggested_name(self, sealed: str) -> str:
        """The provider's name for the person, or the one that they chose; perhaps empty."""
        kept = self._kept(sealed)
        return kept.name if kept else ""

    def end(self, sealed: str) -> str:
        """End a session at the provider too. Returns the address that ends the one there."""
        kept = self._kept(sealed)
        if self._provider is None or kept is None or not kept.refresh_token:
            return ""
        try:
            self._provider.revoke(kept.refresh_token)
            return self._provider.leave()
        except (RefusedError, HttpProblem):
            return ""  # the browser forgets its session all the same

    def _renew(self, kept: KeptSignIn) -> KeptSignIn | None:
        provider = self._provider
        if provider is None:
            return kept if self.is_development else None
        if not kept.refresh_token:
            asked_ms = max(kept.since_ms, kept.left_out_ms)
            return kept if self._clock() - asked_ms < WITHOUT_REFRESH_MS else None
        # Only what the provider said is kept: all browsers of a person are alike without a token.
        digest = hashlib.sha256(f"{kept.user} {kept.refresh_token}".encode()).digest()
        return self._renewals.get(digest, lambda: _renewed_by(provider, kept))

    def _kept(self, sealed: str) -> KeptSignIn | None:
        return self._seal.opened(sealed, KeptSignIn, KEPT_S, self._now_s())

    def _some_provider(self) -> Provider:
        if self._provider is None:
            raise not_found("page")
        return self._provider

    def _now_s(self) -> int:
        return self._clock() // 1000

    def _signed_in(self, kept: KeptSignIn) -> SignedIn:
        """A refresh token that no cookie holds is left out: the person signs in again later."""
        sealed = self._seal.closed(kept, self._now_s())
        if len(sealed) > MOST_VALUE:
            logger().warning("refresh_token_too_long", characters=len(kept.refresh_token))
            without = replace(kept, refresh_token="", left_out_ms=self._clock())
            sealed = self._seal.closed(without, self._now_s())
        return SignedIn(kept.user, self._pages.sign(kept.user), sealed)


def _renewed_by(provider: Provider, kept: KeptSignIn) -> KeptSignIn | None:
    try:
        token = provider.renewed(kept.refresh_token, kept.user)
    except RefusedError:
        return None
    return replace(kept, refresh_token=token)


def _not_this_name() -> HttpProblem:
    """421, for those who set this up."""
    return HttpProblem(
        421,
        "not-this-name",
        "Not by this name",
        "In development people sign in at an address without a name, at localhost, or by the name "
        "of LAHSTATS_PAGE_ORIGIN. Other names may be of somebody who leads browsers here.",
    )


def _provider_of(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, settings.page_origin)


def local(path: str) -> str:
    """Pure: the path, if it is one of ours. A link must not lead a visitor elsewhere.

    A path that no head of an answer holds is none of ours: it comes back in a cookie.
    """
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_ours and path.isprintable() and len(path) <= MOST_AFTER else "/"
