"""Pure: hints, merges and splits by number, and their undoing by those whom they concern."""

from msgspec.structs import replace

from schemas.ids import SpeakerLabel, UserId
from schemas.session_events import COMPLETE, Constraint, ConstraintKind
from schemas.session_requests import (
    CorrectionUndoRequested,
    HintRequested,
    MergeRequested,
    SplitRequested,
)
from streams.each_person import MOST_MERGES_AND_SPLITS, Share, stand_in
from streams.sessions import merging, voices_of_others
from streams.sessions.state import Correction, Session

Corrected = HintRequested | MergeRequested | SplitRequested
SHARE = Share(of_person=100, of_all=MOST_MERGES_AND_SPLITS)
"""Merges and splits of one session. Every later clustering obeys all of them."""
MOST_HINTS = 5
"""Hints of one session that can be undone."""
NO_SUCH_CORRECTION = "no_such_correction"
CORRECTED_SINCE = "corrected_since"
NOT_CONCERNED = "not_concerned"
NOT_READY = "not_ready"


def noted(session: Session, event: Corrected) -> Session:
    """Returns the session with the correction, and with the hint that it gives."""
    number = session.corrections_made + 1
    constraint = _constraint(session, event, number)
    correction = Correction(
        number=number,
        concerned=_concerned(session, event.by, constraint),
        constraint=constraint,
        speakers=event.speakers if isinstance(event, HintRequested) else None,
        before=session.hint,
        newest=_newest_label(session, event),
        by=stand_in(session.session_id, event.by),
        moves_hint=constraint is not None and voices_of_others.are_claimed(session, event.by),
    )
    kept = _bounded((*session.corrections, correction))
    hint = event.speakers if isinstance(event, HintRequested) else session.hint
    session = replace(session, corrections=kept, corrections_made=number, hint=hint)
    return _said(session, event)


def _said(session: Session, event: Corrected | CorrectionUndoRequested) -> Session:
    return replace(session, corrected_ms=max(session.corrected_ms, event.occurred_at_ms))


def _newest_label(session: Session, event: Corrected) -> SpeakerLabel:
    """Of a split alone: it waits until the speakers are known, and a hint may come before."""
    if isinstance(event, SplitRequested):
        return voices_of_others.newest_label(session)
    return SpeakerLabel("")


def has_share(session: Session, by: UserId) -> bool:
    """Returns whether the user may merge or split once more."""
    makers = [one.by for one in session.corrections if one.constraint is not None]
    return not SHARE.is_used_up(makers, stand_in(session.session_id, by))


def refusal(session: Session, event: CorrectionUndoRequested) -> str | None:
    """Returns the reason against the undoing.

    A correction that a later one builds on cannot be undone before that one. Hints alone can be
    undone while the voices are not known.
    """
    correction = named(session, event)
    if correction is None:
        return NO_SUCH_CORRECTION
    if not _is_concerned(session, event.by, correction):
        return NOT_CONCERNED
    later = [one for one in session.corrections if one.number > correction.number]
    if any(_builds_on(one, correction) for one in later):
        return CORRECTED_SINCE
    is_hint = correction.constraint is None
    if not is_hint and session.state not in COMPLETE:
        return NOT_READY
    return voices_of_others.undoing_refusal(session, undone(session, event), event.by, correction)


def undone(session: Session, event: CorrectionUndoRequested) -> Session:
    """Returns the session without the correction. Call it when there is no refusal."""
    correction = named(session, event)
    assert correction is not None
    kept = tuple(one for one in session.corrections if one != correction)
    hint = correction.before if correction.constraint is None else session.hint
    return _said(replace(session, corrections=kept, hint=hint), event)


def named(session: Session, event: CorrectionUndoRequested) -> Correction | None:
    """Returns the correction that is meant; None for one that does not hold, or never did."""
    for correction in session.corrections:
        if correction.number == event.correction:
            return correction
    return None


def _constraint(session: Session, event: Corrected, number: int) -> Constraint | None:
    match event:
        case MergeRequested():
            return Constraint(
                kind=ConstraintKind.MERGE,
                speaker=event.target,
                other=event.source,
                correction=number,
                agreed=merging.is_agreed(session, event),
            )
        case SplitRequested():
            return Constraint(kind=ConstraintKind.SPLIT, speaker=event.speaker, correction=number)
        case HintRequested():
            return None


def _concerned(session: Session, by: UserId, constraint: Constraint | None) -> tuple[str, ...]:
    """Digests of who asked, of the session's owner, and of those whose voices it changes."""
    labels = _labels(constraint) if constraint else set()
    people = {by, session.owner, *voices_of_others.holders_of(session, labels)}
    return tuple(sorted(stand_in(session.session_id, user) for user in people))


def _is_concerned(session: Session, by: UserId, correction: Correction) -> bool:
    """Also those who have claimed one of its voices since."""
    if stand_in(session.session_id, by) in correction.concerned:
        return True
    labels = _labels(correction.constraint) if correction.constraint else set()
    return by in voices_of_others.holders_of(session, labels)


def _builds_on(later: Correction, former: Correction) -> bool:
    """Hints build on hints, and constraints on constraints of the same voices."""
    if former.constraint is None:
        return later.constraint is None
    if later.constraint is None:
        return False
    if former.constraint.kind is ConstraintKind.SPLIT:
        return True  # its new labels are not known here: whatever follows may name one of them
    return not _labels(former.constraint).isdisjoint(_labels(later.constraint))


def _labels(constraint: Constraint) -> set[SpeakerLabel | None]:
    return {constraint.speaker, constraint.other} - {None}


def _bounded(corrections: tuple[Correction, ...]) -> tuple[Correction, ...]:
    """Returns the corrections without hints that are older than the newest MOST_HINTS."""
    hints = [one for one in corrections if one.constraint is None]
    oldest = hints[:-MOST_HINTS]
    return tuple(one for one in corrections if one not in oldest)
