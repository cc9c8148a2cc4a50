"""Pure: nobody changes a voice that somebody else claimed.

Two claimed voices become one when both people ask for it (`merging`). Nothing else may do what such
a merge may not. A split, and an undone merge, would give a half of a voice to whoever claims it.
Another number of voices, and an undone split, would take a voice from somebody, or give it a
second person's words.
"""

from collections.abc import Iterable

from schemas.ids import NOBODY, SpeakerLabel, UserId, label_order
from schemas.session_events import COMPLETE, Constraint, ConstraintKind
from streams.each_person import stand_in
from streams.sessions.state import Correction, Session

VOICE_CLAIMED = "voice_claimed"
VOICES_CLAIMED = "voices_claimed"


def newest_label(session: Session) -> SpeakerLabel:
    """Returns the last of the labels that the session's voices have, or had before a merge."""
    labels = {*session.speakers, *session.claimed}
    for constraint in session.constraints:
        labels |= {constraint.speaker, constraint.other or constraint.speaker}
    return max(labels, key=label_order, default=SpeakerLabel(""))


def holders_of(session: Session, labels: Iterable[SpeakerLabel | None]) -> set[UserId]:
    """Returns the users who have one of these voices; of a guest's, the user who named the guest.

    A guest of somebody who left is nobody's.
    """
    users = {session.claimed[label] for label in labels if label in session.claimed}
    return users - {NOBODY}


def are_claimed(session: Session, by: UserId) -> bool:
    """Returns whether somebody else than the user has a voice."""
    return bool(holders_of(session, session.claimed) - {by})


def people_said(session: Session) -> int | None:
    """Returns how many people talked, as the newest hint and what was said since say together.

    A hint counts people after merges and splits (ADR 11): the clustering makes up for a merge by
    another voice, and for a split by one less. It may not where other people had claimed voices:
    the hint moves with such a merge or split.
    """
    if session.hint is None:
        return None
    kinds = [one.constraint.kind for one in _moving(session) if one.constraint is not None]
    splits = kinds.count(ConstraintKind.SPLIT)
    merges = len(kinds) - splits
    return max(1, session.hint + splits - merges)


def _moving(session: Session) -> list[Correction]:
    """The corrections with which the newest hint moves: it counts those before it."""
    newest = max((one.number for one in session.corrections if one.constraint is None), default=0)
    return [one for one in session.corrections if one.moves_hint and one.number > newest]


def head_count_refusal(session: Session, by: UserId, speakers: int | None) -> str | None:
    """Returns the reason why the user may not say how many people talked; None for no number.

    Any two voices may become one, and any may become two. The number that there is already, or
    that was said already, changes nothing.
    """
    if not are_claimed(session, by):
        return None
    if speakers is not None and speakers == people_said(session):
        return None
    is_as_it_is = session.state in COMPLETE and speakers == len(session.speakers)
    return None if is_as_it_is else VOICES_CLAIMED


def split_refusal(session: Session, by: UserId, speaker: SpeakerLabel) -> str | None:
    """Returns the reason why the voice is not to be split by that user."""
    return VOICE_CLAIMED if holders_of(session, [speaker]) - {by} else None


def undoing_refusal(
    session: Session, after: Session, by: UserId, correction: Correction
) -> str | None:
    """Returns the reason why the user may not take the correction back; `after` is without it."""
    constraint = correction.constraint
    if constraint is None:
        return head_count_refusal(session, by, people_said(after))
    is_made_up_for = session.hint is not None and correction not in _moving(session)
    if is_made_up_for and are_claimed(session, by):
        return VOICES_CLAIMED
    if constraint.kind is ConstraintKind.MERGE:
        return _parting_refusal(session, by, correction, constraint)
    return _joining_refusal(session, by, correction, constraint)


def _parting_refusal(
    session: Session, by: UserId, correction: Correction, merge: Constraint
) -> str | None:
    """A claim of the joined voice that came after the merge is of both."""
    others = holders_of(session, [merge.speaker]) - {by}
    claimed_since = [
        user for user in others if stand_in(session.session_id, user) not in correction.concerned
    ]
    return VOICE_CLAIMED if claimed_since else None


def _joining_refusal(
    session: Session, by: UserId, correction: Correction, split: Constraint
) -> str | None:
    """The voices that came since the split go, and one of them is the other half."""
    newest = label_order(correction.newest)
    came = [label for label in session.claimed if label_order(label) > newest]
    came = [label for label in came if label != split.speaker]
    takes_away = bool(holders_of(session, came) - {by})
    joins_two = len(holders_of(session, [split.speaker, *came])) > 1
    return VOICE_CLAIMED if takes_away or (came and joins_two) else None
