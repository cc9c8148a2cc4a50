"""What this gateway knows: sessions, groups and people as the compacted topics say, and the latest decisions."""

import threading
from collections import defaultdict

from schemas.claim_events import ClaimRejected, SpeakerClaimed, SpeakerReleased, SpeakerTagged
from schemas.event import Event
from schemas.people_events import (
    GroupChangeDecided,
    GroupLexicon,
    GroupListing,
    UserChangeDecided,
    UserListing,
)
from schemas.session_events import (
    RequestAccepted,
    RequestRejected,
    SessionErased,
    SessionListing,
    State,
)

Decision = (
    SpeakerClaimed | SpeakerReleased | SpeakerTagged | ClaimRejected | RequestAccepted | RequestRejected | SessionErased
    | GroupChangeDecided | UserChangeDecided
)  # fmt: skip
KEPT_DECISIONS = 10_000
"""Answers kept for retries and for requests that come back after a moment; older ones are asked of the read side."""


class Directory:
    """Thread-safe. Listings by id, and decisions by request id, as the log says them."""

    def __init__(self) -> None:
        self._listings: dict[str, SessionListing] = {}
        self._owned: defaultdict[str, set[str]] = defaultdict(set)
        self._groups: dict[str, GroupListing] = {}
        self._invites: dict[str, str] = {}
        self._groups_of: defaultdict[str, set[str]] = defaultdict(set)
        self._people: dict[str, UserListing] = {}
        self._lexicons: dict[str, str] = {}
        self._decisions: dict[str, Decision] = {}
        self._changed = threading.Condition()

    def take(self, event: Event) -> None:
        """Remember what an event says."""
        with self._changed:
            match event:
                case SessionListing():
                    self._listings[event.session_id] = event
                    self._owned[event.owner].add(event.session_id)
                case GroupListing():
                    self._take_group(event)
                case UserListing():
                    self._people[event.user_id] = event
                case GroupLexicon():
                    self._lexicons[event.group_id] = event.lexicon
                case _ if isinstance(event, Decision):
                    self._decisions[event.request_id] = event
                    while len(self._decisions) > KEPT_DECISIONS:
                        self._decisions.pop(next(iter(self._decisions)))
            self._changed.notify_all()

    def _take_group(self, event: GroupListing) -> None:
        before = self._groups.get(event.group_id)
        if before is not None and before.invite is not None:
            self._invites.pop(before.invite, None)
        if event.invite is not None:
            self._invites[event.invite] = event.group_id
        for member in before.members if before is not None else ():
            self._groups_of[member.user_id].discard(event.group_id)
        for member in event.members:
            self._groups_of[member.user_id].add(event.group_id)
        self._groups[event.group_id] = event

    def listing(self, session_id: str) -> SessionListing | None:
        """The newest row of a session, or None when the log has none yet."""
        with self._changed:
            return self._listings.get(session_id)

    def recorded_by(self, user: str) -> list[str]:
        """Sessions of a user that were not erased."""
        with self._changed:
            return sorted(
                session
                for session in self._owned.get(user, ())
                if self._listings[session].state is not State.ERASED
            )

    def invited_to(self, invite: str) -> str | None:
        """The group that an invite's digest belongs to."""
        with self._changed:
            return self._invites.get(invite)

    def is_in(self, user: str, group_id: str | None) -> bool:
        """Whether `user` is a member now."""
        with self._changed:
            return group_id is not None and group_id in self._groups_of.get(user, ())

    def share_a_group(self, one: str, other: str) -> bool:
        """Whether two people are in a group together."""
        with self._changed:
            return not self._groups_of.get(one, set()).isdisjoint(self._groups_of.get(other, ()))

    def person(self, user: str) -> UserListing | None:
        """What somebody agreed to, or None when they never said."""
        with self._changed:
            return self._people.get(user)

    def lexicon_of(self, group_id: str | None) -> str | None:
        """The lexicon with a group's own words, when it has some."""
        with self._changed:
            return self._lexicons.get(group_id) if group_id else None

    def await_decision(self, request_id: str, timeout_s: float) -> Decision | None:
        """Blocking: the decision about a request, once this directory knows what it led to; None when that takes longer."""
        with self._changed:
            self._changed.wait_for(lambda: self._known(request_id) is not None, timeout_s)
            return self._known(request_id)

    def _known(self, request_id: str) -> Decision | None:
        """Rows come on another topic than decisions: who gets an answer shall find the row in the next call."""
        decision = self._decisions.get(request_id)
        match decision:
            case SessionErased():
                listing = self._listings.get(decision.session_id)
                return decision if listing is not None and listing.state is State.ERASED else None
            case GroupChangeDecided():
                row = self._groups.get(decision.group_id)
                return (
                    decision
                    if not decision.accepted
                    or (row is not None and row.revision >= decision.revision)
                    else None
                )
            case UserChangeDecided():
                person = self._people.get(decision.user_id)
                return (
                    decision
                    if not decision.accepted
                    or (person is not None and person.revision >= decision.revision)
                    else None
                )
        return decision
