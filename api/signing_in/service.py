"""Sessions of people who use the pages: here they begin, are renewed, and end."""

from dataclasses import dataclass

from adapters.http.page_sessions import SIGNED_IN_S, PageSessions
from adapters.http.problems import HttpProblem, not_found
from adapters.process.clock import Clock, unix_ms
from adapters.settings import Settings
from api.signing_in.cookies import KEPT_S
from api.signing_in.kept import Kept, Seal
from schemas.ids import UserId, user_id_of


@dataclass(frozen=True)
class SignedIn:
    """A session: its token, and what renews it."""

    user: UserId
    token: str
    kept: str
    good_for_s: int = SIGNED_IN_S


class SigningIn:
    """Sessions of browsers. Stores nothing: what has to be kept is with the browser, sealed."""

    def __init__(self, settings: Settings, clock: Clock = unix_ms) -> None:
        self._pages = PageSessions(settings, clock)
        self._seal = Seal(settings.session_secret.get_secret_value())
        self._clock = clock
        self.is_development = settings.environment == "development"

    def chosen(self, name: str) -> SignedIn:
        """Sign in as a chosen name. HttpProblem: 404 outside development, 422 for a bad name."""
        if not self.is_development:
            raise not_found("page")
        try:
            user = user_id_of(name.strip())
        except ValueError as error:
            raise HttpProblem(422, "bad-name", "Another name, please", f"{error}.") from None
        return self._signed_in(Kept(user=user, since_s=self._now_s()))

    def renewed(self, sealed: str) -> SignedIn | None:
        """Go on with a session; None when it is over."""
        kept = self._seal.opened(sealed, Kept, KEPT_S, self._now_s())
        if kept is None:
            return None
        return self._signed_in(kept)

    def _now_s(self) -> int:
        return self._clock() // 1000

    def _signed_in(self, kept: Kept) -> SignedIn:
        return SignedIn(
            kept.user, self._pages.sign(kept.user), self._seal.closed(kept, self._now_s())
        )
