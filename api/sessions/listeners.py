"""The open event streams of this process: what each is to be told, and how many a user may have."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from api.sessions.models import SessionAnswer
from api.sessions.notices import FULL, TOO_MANY, Notice
from schemas.ids import SessionId, UserId
from schemas.limits import STREAMS

MOST_STREAMS = 2_000
"""Of a process: each holds a connection."""
News = SessionAnswer | Notice


@dataclass(eq=False)
class Listener:
    """One open stream. News that was not read yet gives way to newer news, but for an ending."""

    session_id: SessionId
    user: UserId
    _news: News | None = None
    _told: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, news: News) -> None:
        """Not blocking. Nothing more is told after a notice that ends the stream."""
        if isinstance(self._news, Notice) and self._news.ends:
            return
        self._news = news
        self._told.set()

    async def next(self, within_s: float) -> News | None:
        """The next news; None when there is none in time."""
        try:
            async with asyncio.timeout(within_s):
                await self._told.wait()
        except TimeoutError:
            return None
        self._told.clear()
        return self._news


class Listeners:
    """The streams by session and by user, the oldest first. For one event loop."""

    def __init__(
        self,
        most: int = MOST_STREAMS,
        most_of_user: int = STREAMS.most,
    ) -> None:
        self._most = most
        self._most_of_user = most_of_user
        self._by_session: defaultdict[SessionId, list[Listener]] = defaultdict(list)
        self._by_user: defaultdict[UserId, list[Listener]] = defaultdict(list)
        self._count = 0

    def is_empty(self) -> bool:
        """Whether no stream is open."""
        return self._count == 0

    def add(self, session_id: SessionId, user: UserId) -> Listener:
        """A new stream; one that is told to end when this process has too many."""
        listener = Listener(session_id, user)
        if self._count >= self._most:
            listener.tell(FULL)
        own = self._by_user[user]
        if len(own) >= self._most_of_user:
            own[0].tell(TOO_MANY)
            self.remove(own[0])
        self._by_session[session_id].append(listener)
        self._by_user[user].append(listener)
        self._count += 1
        return listener

    def remove(self, listener: Listener) -> None:
        """Forget a stream. Repeatable."""
        if listener not in self._by_session.get(listener.session_id, ()):
            return
        self._count -= 1
        self._by_session[listener.session_id].remove(listener)
        if not self._by_session[listener.session_id]:
            del self._by_session[listener.session_id]
        self._by_user[listener.user].remove(listener)
        if not self._by_user[listener.user]:
            del self._by_user[listener.user]

    def sessions(self) -> list[SessionId]:
        """Sessions that somebody watches."""
        return list(self._by_session)

    def of(self, session_id: SessionId) -> list[Listener]:
        """The streams of a session."""
        return list(self._by_session.get(session_id, ()))

    def tell_all(self, notice: Notice) -> None:
        """Tell every stream the same."""
        for session_id in self.sessions():
            for listener in self.of(session_id):
                listener.tell(notice)
