"""Pure: two claimed voices become one only when both people ask for it."""

from msgspec.structs import replace

from schemas.ids import SpeakerLabel, UserId
from schemas.session_requests import MergeRequested
from streams.each_person import Share
from streams.sessions import voices_of_others
from streams.sessions.state import Session, Wish

WISHES = Share(of_person=20, of_all=200)
"""Merges of one session that wait for a second person. A person's oldest gives way to their newest,
and only then the oldest of all.
"""
NEEDS_BOTH = "needs_both"
BOTH_CLAIMED = "both_claimed"


def refusal(session: Session, event: MergeRequested) -> str | None:
    """Returns the reason against the merge.

    A claim would otherwise go to whoever merges, without a word to the person who made it.
    """
    holders = _holders(session, event)
    if len(holders) < 2:
        return None
    if event.by not in holders:
        return BOTH_CLAIMED
    agreed = {event.by}
    for wish in session.wishes:
        if _pair(wish) == _pair(event):
            agreed.add(wish.by)
    have_all_agreed = holders <= agreed
    return None if have_all_agreed else NEEDS_BOTH


def is_agreed(session: Session, event: MergeRequested) -> bool:
    """Returns whether an accepted merge is of two people's voices: both of them asked for it."""
    return len(_holders(session, event)) > 1


def wished(session: Session, event: MergeRequested) -> Session:
    """Notes that one of the two people asked. Repeatable."""
    wish = Wish(target=event.target, source=event.source, by=event.by)
    others = [old for old in session.wishes if (old.by, _pair(old)) != (wish.by, _pair(wish))]
    if WISHES.is_used_up([old.by for old in others], wish.by):
        own = [old for old in others if old.by == wish.by]
        others.remove((own or others)[0])
    return replace(session, wishes=(*others, wish))


def without(session: Session, speaker: SpeakerLabel) -> Session:
    """Forgets the wishes about a speaker, whose claim changed."""
    kept = tuple(wish for wish in session.wishes if speaker not in _pair(wish))
    return replace(session, wishes=kept)


def _holders(session: Session, event: MergeRequested) -> set[UserId]:
    """The users who have one of the two speakers."""
    return voices_of_others.holders_of(session, (event.target, event.source))


def _pair(merge: MergeRequested | Wish) -> frozenset[SpeakerLabel]:
    """The two labels of a merge, in no order: people agree on a merge, whichever label stays."""
    return frozenset({merge.target, merge.source})
