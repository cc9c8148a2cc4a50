"""Pure: what people and the command line ask of a session."""

import dataclasses

from msgspec.structs import replace

from schemas.ids import SpeakerLabel
from schemas.session_events import Cause, Constraint, ConstraintKind, State
from schemas.session_requests import (
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
    SplitRequested,
)
from streams.answers import Answer, digest
from streams.fold import Outputs
from streams.sessions import events, generations, windows
from streams.sessions.events import SessionRequest
from streams.sessions.state import Decision, Rules, Session
from streams.store import Store

MOST_CONSTRAINTS = 100
"""Merges and splits of one session. Every later clustering obeys all of them."""


def on_request(store: Store, session: Session, event: SessionRequest, rules: Rules) -> Decision:
    """Answers a request. A repeat of an accepted one gets its answer again and changes nothing.

    A rejected request may be repeated: it is decided again.
    """
    answer = session.answers.get(event.request_id, event)
    if answer is not None:
        return session, [events.answered(event, answer)]
    reason = _refusal(session, event)
    if reason is not None:
        return session, [events.rejected(event, reason)]
    answer = Answer(digest(event), session.generation + 1)
    session = replace(session, answers=session.answers.adding(event.request_id, answer))
    session, outputs = _accept(store, session, event, rules)
    return session, [events.answered(event, answer), *outputs]


def _refusal(session: Session, event: SessionRequest) -> str | None:
    if session.is_text_gone:
        return "text_expired"  # without its words nothing can be counted or attributed again
    match event:
        case MergeRequested():
            return _no_constraint(session, event.target, event.source)
        case SplitRequested():
            return _no_constraint(session, event.speaker, None)
        case ReplayRequested() if event.window >= len(session.revisions):
            return "no_such_window"
    return None


def _no_constraint(
    session: Session, speaker: SpeakerLabel, other: SpeakerLabel | None
) -> str | None:
    if session.state not in (State.READY, State.COMPLETED):
        return "not_ready"
    if len(session.constraints) >= MOST_CONSTRAINTS:
        return "too_many_corrections"
    labels = {speaker, other or speaker}
    if speaker == other or not labels <= set(session.speakers):
        return "no_such_speaker"
    return None


def _accept(store: Store, session: Session, event: SessionRequest, rules: Rules) -> Decision:
    match event:
        case HintRequested():
            return _on_hint(session, event, rules)
        case MergeRequested() | SplitRequested():
            return _on_constraint(session, event, rules)
        case RecountRequested():
            return _on_recount(session, event, rules)
        case ReplayRequested():
            return _on_replay(store, session, event, rules)


def _on_hint(session: Session, event: HintRequested, rules: Rules) -> Decision:
    session = replace(session, hint=event.speakers)
    if not session.sealed:
        return session, []
    return generations.reopen(session, event, Cause.HINT, rules)


def _on_constraint(
    session: Session, event: MergeRequested | SplitRequested, rules: Rules
) -> Decision:
    if isinstance(event, MergeRequested):
        cause = Cause.MERGE
        constraint = Constraint(kind=ConstraintKind.MERGE, speaker=event.target, other=event.source)
    else:
        cause = Cause.SPLIT
        constraint = Constraint(kind=ConstraintKind.SPLIT, speaker=event.speaker)
    session = replace(session, constraints=(*session.constraints, constraint))
    return generations.reopen(session, event, cause, rules)


def _on_recount(session: Session, event: RecountRequested, rules: Rules) -> Decision:
    # Before the end the lexicon waits for the first generation. Nothing is transcribed again.
    if session.lexicon == event.lexicon:
        return session, []
    session = replace(session, lexicon=event.lexicon)
    if not session.sealed:
        return session, []
    return generations.reopen(session, event, Cause.RECOUNT, rules)


def _on_replay(store: Store, session: Session, event: ReplayRequested, rules: Rules) -> Decision:
    # The window alone gets a new revision: its neighbours only have it as their margin.
    start_ms = event.window * rules.window_ms
    without_margin = dataclasses.replace(rules, margin_before_ms=0)
    session = windows.recut(session, without_margin, (start_ms, start_ms + 1), session.total_ms)
    outputs: Outputs = []
    if session.sealed:
        session, outputs = generations.reopen(session, event, Cause.REPLAY, rules)
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    return session, [*outputs, *events.windows(ready)]
