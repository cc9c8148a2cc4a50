"""Pure: what people and the command line ask of a session."""

from msgspec.structs import replace

from schemas.ids import SpeakerLabel, UserId
from schemas.session_events import COMPLETE
from schemas.session_requests import (
    CorrectionUndoRequested,
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
    SplitRequested,
)
from streams.answers import Answer, digest, is_older
from streams.sessions import (
    correcting,
    generations,
    merging,
    request_answers,
    voices_of_others,
    windows,
)
from streams.sessions.claims_told import changed_ms
from streams.sessions.recorded import Recorded
from streams.sessions.request_answers import SessionRequest
from streams.sessions.state import Rules, Session


def on_request(state: Recorded, event: SessionRequest) -> Recorded:
    """Answers a request. A repeat gets the answer of the first one and changes nothing."""
    session = state.session
    answer = session.answers.get(event.request_id, event)
    if answer is not None:
        return state.saying(request_answers.answered(event, answer))
    reason = _refusal(session, event)
    number = session.next_generation if reason is None else 0
    answer = Answer(digest(event), number, reason)
    session = replace(session, answers=session.answers.adding(event.request_id, answer))
    answered = request_answers.answered(event, answer)
    if reason is not None:
        return state.having(_rejected(session, event, reason)).saying(answered)
    after = _accepted(session, event, state.rules)
    return state.having(after).saying(answered, *request_answers.corrected(session, after, event))


def _rejected(session: Session, event: SessionRequest, reason: str) -> Session:
    if isinstance(event, MergeRequested) and reason == merging.NEEDS_BOTH:
        return merging.wished(session, event)
    return session


def _refusal(session: Session, event: SessionRequest) -> str | None:
    if session.is_text_gone:
        return "text_expired"  # without its words nothing can be counted or attributed again
    if is_older(event, _said_ms(session, event)):
        return "said_since"  # it may come late: what people said since stays
    match event:
        case HintRequested():
            return voices_of_others.head_count_refusal(session, event.by, event.speakers)
        case MergeRequested():
            reason = _no_constraint(session, event.by, event.target, event.source)
            return reason or merging.refusal(session, event)
        case SplitRequested():
            reason = _no_constraint(session, event.by, event.speaker)
            return reason or voices_of_others.split_refusal(session, event.by, event.speaker)
        case CorrectionUndoRequested():
            return correcting.refusal(session, event)
        case ReplayRequested() if event.window >= len(session.revisions):
            return "no_such_window"
    return None


def _said_ms(session: Session, event: SessionRequest) -> int:
    """When people last said something in whose place the request would be.

    A merge or a split is about the voices as they were claimed when it was made. Somebody who wants
    two voices to be one may have thought of another person.
    """
    match event:
        case ReplayRequested():
            return 0
        case RecountRequested():
            return session.recounted_ms
        case MergeRequested():
            claimed_ms = changed_ms(session.told, (event.target, event.source))
            return max(session.corrected_ms, claimed_ms)
        case SplitRequested():
            return max(session.corrected_ms, changed_ms(session.told, (event.speaker,)))
    return session.corrected_ms


def _no_constraint(
    session: Session, by: UserId, speaker: SpeakerLabel, other: SpeakerLabel | None = None
) -> str | None:
    if session.state not in COMPLETE:
        return correcting.NOT_READY
    if not correcting.has_share(session, by):
        return "too_many_corrections"
    labels = {speaker, other or speaker}
    if speaker == other or not labels <= set(session.speakers):
        return "no_such_speaker"
    return None


def _accepted(session: Session, event: SessionRequest, rules: Rules) -> Session:
    match event:
        case HintRequested():
            return _hinted(correcting.noted(session, event), rules)
        case MergeRequested() | SplitRequested():
            return _amended(correcting.noted(session, event), rules)
        case CorrectionUndoRequested():
            return _hinted(correcting.undone(session, event), rules)
        case RecountRequested() if event.lexicon == session.lexicon:
            return session
        case RecountRequested():
            # Nothing is transcribed again.
            recounted_ms = max(session.recounted_ms, event.occurred_at_ms)
            session = replace(session, lexicon=event.lexicon, recounted_ms=recounted_ms)
            return _amended(session, rules)
        case ReplayRequested():
            return _replayed(session, event, rules)


def _hinted(session: Session, rules: Rules) -> Session:
    if not session.is_busy:
        return _amended(session, rules)
    return replace(session, waiting=session.waiting + 1)


def after_hints(session: Session, rules: Rules) -> Session:
    """Opens the generation that hints wait for, once no other is worked on.

    Hints in a row are one generation, for the latest of them. It has the number that it would have
    with a generation for each: topics may be read in any order (ADR 0020).
    """
    if not session.waiting or session.is_busy:
        return session
    session = replace(session, waiting=session.waiting - 1)
    return generations.concluded(generations.reopened(session, rules))


def _amended(session: Session, rules: Rules) -> Session:
    # Before the end, what was asked waits for the first generation.
    return generations.reopened(session, rules) if session.sealed else session


def _replayed(session: Session, event: ReplayRequested, rules: Rules) -> Session:
    # The window alone gets a new revision: its neighbours only have it as their margin.
    session = windows.work_again(session, rules, (event.window,))
    return windows.release(_amended(session, rules), rules)
