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
from streams.answers import Answer, digest
from streams.sessions import (
    correcting,
    generations,
    merging,
    request_answers,
    voices_of_others,
    windows,
)
from streams.sessions.recorded import Recorded
from streams.sessions.request_answers import SessionRequest
from streams.sessions.state import Rules, Session


def on_request(state: Recorded, event: SessionRequest) -> Recorded:
    """Answers a request. A repeat of an accepted one gets its answer again and changes nothing.

    A rejected request may be repeated: it is decided again.
    """
    session = state.session
    answer = session.answers.get(event.request_id, event)
    if answer is not None:
        return state.saying(request_answers.answered(event, answer))
    reason = _refusal(session, event)
    if reason is not None:
        return _noted(state, event, reason).saying(request_answers.rejected(event, reason))
    answer = Answer(digest(event), session.next_generation)
    session = replace(session, answers=session.answers.adding(event.request_id, answer))
    after = _accepted(session, event, state.rules)
    corrected = request_answers.corrected(session, after, event)
    return state.having(after).saying(request_answers.answered(event, answer), *corrected)


def _noted(state: Recorded, event: SessionRequest, reason: str) -> Recorded:
    if isinstance(event, MergeRequested) and reason == merging.NEEDS_BOTH:
        return state.having(merging.wished(state.session, event))
    return state


def _refusal(session: Session, event: SessionRequest) -> str | None:
    if session.is_text_gone:
        return "text_expired"  # without its words nothing can be counted or attributed again
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
            return _amended(replace(session, lexicon=event.lexicon), rules)
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
