"""The gateway's copy of the compacted topics and of the latest decisions.

The topics list sessions, groups and users.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from producers.gateway.kept_latest import KeptLatest
from schemas.access import Standing
from schemas.claim_events import (
    ClaimRejected,
    CountJudged,
    SpeakerClaimed,
    SpeakerReleased,
    SpeakerTagged,
)
from schemas.event import Event
from schemas.ids import SessionId, UserId
from schemas.limits import KEEP_DAYS
from schemas.people_events import (
    GroupChangeDecided,
    GroupLexicon,
    GroupListing,
    UserChangeDecided,
    UserListing,
)
from schemas.session_events import RequestAccepted, RequestRejected, SessionErased, State
from schemas.session_rows import SessionListing

ClaimDecision = SpeakerClaimed | SpeakerReleased | SpeakerTagged | CountJudged | ClaimRejected
SessionDecision = RequestAccepted | RequestRejected | SessionErased
Decision = ClaimDecision | SessionDecision | GroupChangeDecided | UserChangeDecided
Told = Callable[[], object]
"""Does not block."""
KEPT_DECISIONS = 10_000
"""For retries and for requests that come back; the read side answers for older decisions."""
LISTED_S = 1.0
"""Many times what it takes to list a session while its fold is there."""
KEPT_BEGUN = 10_000
"""Sessions that begin while the fold which lists them is away."""


class Directory:
    """Listings by id, and decisions by request id. Thread-safe; only `await_decision` blocks."""

    def __init__(self, listed_within_s: float = LISTED_S) -> None:
        """A session that begins is waited for so long, until it is listed."""
        self._listed_within_s = listed_within_s
        self._sessions: dict[str, SessionListing] = {}
        self._sessions_of: defaultdict[str, set[SessionId]] = defaultdict(set)
        self._awaited: defaultdict[SessionId, list[Told]] = defaultdict(list)
        self._groups: dict[str, GroupListing] = {}
        self._group_of_invite: dict[str, str] = {}
        self._groups_of: defaultdict[str, set[str]] = defaultdict(set)
        self._users: dict[str, UserListing] = {}
        self._lexicons: dict[str, str] = {}
        self._decisions = KeptLatest[str, tuple[int, Decision]](KEPT_DECISIONS)
        self._begun = KeptLatest[SessionId, UserId](KEPT_BEGUN)
        self._taken = 0
        self._changed = threading.Condition()

    def take(self, event: Event) -> None:
        """Take an event of one of the topics in. Repeatable; other events are ignored."""
        with self._changed:
            match event:
                case SessionListing():
                    self._take_session(event)
                case GroupListing():
                    self._take_group(event)
                case UserListing():
                    self._users[event.user_id] = event
                case GroupLexicon():
                    self._lexicons[event.group_id] = event.lexicon
                case _ if isinstance(event, Decision):
                    self._taken += 1
                    self._decisions.put(event.request_id, (self._taken, event))
            self._changed.notify_all()

    def _take_session(self, event: SessionListing) -> None:
        before = self._sessions.get(event.session_id)
        if before is not None:
            self._sessions_of[before.owner].discard(event.session_id)
            if not self._sessions_of[before.owner]:
                del self._sessions_of[before.owner]
        self._sessions[event.session_id] = event
        for told in self._awaited.get(event.session_id, ()):
            told()
        # An erased session is nobody's: it may have lost its owner.
        if event.state is not State.ERASED:
            self._sessions_of[event.owner].add(event.session_id)

    def _take_group(self, event: GroupListing) -> None:
        before = self._groups.get(event.group_id)
        if before is not None:
            self._drop_group(before)
        self._groups[event.group_id] = event
        if event.invite is not None:
            self._group_of_invite[event.invite] = event.group_id
        for member in event.members:
            self._groups_of[member.user_id].add(event.group_id)

    def _drop_group(self, before: GroupListing) -> None:
        if before.invite is not None:
            self._group_of_invite.pop(before.invite, None)
        for member in before.members:
            self._groups_of[member.user_id].discard(before.group_id)

    def listing(self, session_id: SessionId) -> SessionListing | None:
        """The newest row of a session, or None when the topic has none yet."""
        with self._changed:
            return self._sessions.get(session_id)

    async def listed(self, session_id: SessionId) -> SessionListing | None:
        """The row of a session that has just begun; None when there is none in time.

        For an event loop: nothing blocks.
        """
        came = asyncio.Event()
        told = partial(asyncio.get_running_loop().call_soon_threadsafe, came.set)
        with self._changed:
            self._awaited[session_id].append(told)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._listed_within_s):
                    if self.listing(session_id) is None:
                        await came.wait()
        finally:
            self._await_no_more(session_id, told)
        return self.listing(session_id)

    def _await_no_more(self, session_id: SessionId, told: Told) -> None:
        with self._changed:
            self._awaited[session_id].remove(told)
            if not self._awaited[session_id]:
                del self._awaited[session_id]

    def note_begun(self, session_id: SessionId, owner: UserId) -> None:
        """This process took something of a session, which may not be listed for a while."""
        with self._changed:
            if session_id not in self._sessions:
                self._begun.put(session_id, owner)

    def has_begun(self, session_id: SessionId, user: UserId) -> bool:
        """Whether this process took a session of the user's that was not listed then."""
        with self._changed:
            return self._begun.get(session_id) == user

    def recorded_by(self, user: UserId) -> list[SessionId]:
        """Sessions of a user that were not erased, listed or begun here."""
        with self._changed:
            listed = self._sessions_of.get(user, set())
            begun = {one for one, owner in self._begun.items() if owner == user}
            return sorted(listed | begun - self._sessions.keys())

    def invited_to(self, invite: str) -> str | None:
        """The group that an invite's digest belongs to."""
        with self._changed:
            return self._group_of_invite.get(invite)

    def is_in(self, user: UserId, group_id: str | None) -> bool:
        """Whether `user` is a member now."""
        if group_id is None:
            return False
        with self._changed:
            return group_id in self._groups_of.get(user, set())

    def standing(self, listing: SessionListing, user: UserId) -> Standing:
        """The user's relations to a session, as far as a gateway knows them: not by its claims."""
        return Standing(
            recorded=listing.owner == user,
            member=self.is_in(user, listing.group_id),
        )

    def share_a_group(self, one: UserId, other: UserId) -> bool:
        """Whether two users are in a group together."""
        with self._changed:
            groups = self._groups_of.get(one, set())
            others = self._groups_of.get(other, set())
        return bool(groups & others)

    def person(self, user: UserId) -> UserListing | None:
        """A user's choices, or None for a user who made none."""
        with self._changed:
            return self._users.get(user)

    def keep_days(self, user: UserId) -> int:
        """The days that a user chose to keep the words of their sessions."""
        person = self.person(user)
        return KEEP_DAYS if person is None else person.keep_transcript_days

    def lexicon_of(self, group_id: str | None) -> str | None:
        """The lexicon with a group's own words, when it has some."""
        if group_id is None:
            return None
        with self._changed:
            return self._lexicons.get(group_id)

    def decision(self, request_id: str) -> Decision | None:
        """The latest decision about a request of this id."""
        with self._changed:
            found = self._decisions.get(request_id)
        return found[1] if found else None

    @property
    def taken(self) -> int:
        """How many decisions came so far: `await_decision` waits for a later one."""
        with self._changed:
            return self._taken

    def await_decision(
        self,
        request_id: str,
        timeout_s: float,
        after: int = 0,
        is_meant: Callable[[Decision], bool] = lambda _: True,
    ) -> Decision | None:
        """The decision about a request, once this directory has its effects too. Blocking.

        A fold answers a repeat again. An older decision than `after`, or one that is not meant, may
        be about another request of this id. Rows come on another topic than decisions: the caller
        shall find the row in the next call. None when that takes longer than `timeout_s`.
        """

        def effective() -> Decision | None:
            number, decision = self._decisions.get(request_id) or (0, None)
            if decision is None or number <= after or not is_meant(decision):
                return None
            return decision if self._has_effects(decision) else None

        with self._changed:
            self._changed.wait_for(effective, timeout_s)
            return effective()

    def _has_effects(self, decision: Decision) -> bool:
        match decision:
            case SessionErased():
                listing = self._sessions.get(decision.session_id)
                return listing is not None and listing.state is State.ERASED
            case GroupChangeDecided(accepted=True):
                group = self._groups.get(decision.group_id)
                return group is not None and group.revision >= decision.revision
            case UserChangeDecided(accepted=True):
                user = self._users.get(decision.user_id)
                return user is not None and user.revision >= decision.revision
        return True
