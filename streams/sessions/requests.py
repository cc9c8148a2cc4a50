"""What people ask of a session, and what the decisions of others mean for it."""

import dataclasses

from msgspec.structs import replace

from schemas.claim_events import SpeakerClaimed, SpeakerReleased
from schemas.session_events import Cause, Constraint, ConstraintKind, State
from schemas.session_requests import (
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
    SplitRequested,
)
from streams.fold import Outputs
from streams.sessions import events, generations, windows
from streams.sessions.state import Rules, Session
from streams.store import Store


def on_claim(session: Session, event: SpeakerClaimed | SpeakerReleased) -> tuple[Session, Outputs]:
    """All voices claimed: completed. One free again: ready."""
    others = tuple(label for label in session.claimed if label != event.speaker)
    session = replace(
        session, claimed=(*others, event.speaker) if isinstance(event, SpeakerClaimed) else others
    )
    state = generations.state_of(session)
    if session.state not in (State.READY, State.COMPLETED) or state is session.state:
        return session, []
    session = replace(session, state=state)
    return session, generations.announced(session, event)


def on_constraint(
    session: Session, event: MergeRequested | SplitRequested, rules: Rules
) -> tuple[Session, Outputs]:
    """Two labels are one person, or one label is two people: remembered by every later clustering."""
    if event.event_id in session.causes:
        return session, [events.accepted(session, event, event.request_id)]
    if session.state not in (State.READY, State.COMPLETED):
        return session, [events.rejected(event, event.request_id, "not_ready")]
    constraint, cause = _constraint(event)
    if (
        not {constraint.speaker, constraint.other or constraint.speaker} <= set(session.speakers)
        or constraint.speaker == constraint.other
    ):
        return session, [events.rejected(event, event.request_id, "no_such_speaker")]
    accepted = events.accepted(session, event, event.request_id)
    session, outputs = generations.reopen(
        replace(session, constraints=(*session.constraints, constraint)), event, cause, rules
    )
    return session, [accepted, *outputs]


def _constraint(event: MergeRequested | SplitRequested) -> tuple[Constraint, Cause]:
    if isinstance(event, MergeRequested):
        return Constraint(
            kind=ConstraintKind.MERGE, speaker=event.target, other=event.source
        ), Cause.MERGE
    return Constraint(kind=ConstraintKind.SPLIT, speaker=event.speaker), Cause.SPLIT


Request = HintRequested | MergeRequested | SplitRequested | RecountRequested | ReplayRequested


def on_request(
    store: Store, session: Session, event: Request, rules: Rules
) -> tuple[Session, Outputs]:
    """What somebody asked of the session. Without its words nothing can be counted or attributed again."""
    if session.is_text_gone and event.event_id not in session.causes:
        return session, [events.rejected(event, event.request_id, "text_expired")]
    match event:
        case HintRequested():
            return on_hint(session, event, rules)
        case MergeRequested() | SplitRequested():
            return on_constraint(session, event, rules)
        case RecountRequested():
            return on_recount(session, event, rules)
        case ReplayRequested():
            return on_replay(store, session, event, rules)


def on_hint(session: Session, event: HintRequested, rules: Rules) -> tuple[Session, Outputs]:
    """Heads were counted: remembered before the end, a new generation after it."""
    if event.event_id in session.causes:
        return session, [events.accepted(session, event, event.request_id)]
    if not session.sealed:
        session = replace(session, hint=event.speakers, causes=(*session.causes, event.event_id))
        return session, [events.accepted(session, event, event.request_id)]
    session, outputs = generations.reopen(
        replace(session, hint=event.speakers), event, Cause.HINT, rules
    )
    return session, [events.accepted(session, event, event.request_id), *outputs]


def on_recount(session: Session, event: RecountRequested, rules: Rules) -> tuple[Session, Outputs]:
    """Another lexicon: kept for the end of a session that goes on, a new generation of one that is over. Nothing is heard again."""
    accepted = events.accepted(session, event, event.request_id)
    if event.event_id in session.causes or session.lexicon == event.lexicon:
        return session, [accepted]
    session = replace(session, lexicon=event.lexicon)
    if not session.sealed:
        return replace(session, causes=(*session.causes, event.event_id)), [accepted]
    session, outputs = generations.reopen(session, event, Cause.RECOUNT, rules)
    return session, [accepted, *outputs]


def on_replay(
    store: Store, session: Session, event: ReplayRequested, rules: Rules
) -> tuple[Session, Outputs]:
    """A dead-lettered window is worked on again, as a new revision."""
    if event.event_id in session.causes:
        return session, []
    if event.window >= len(session.revisions):
        return session, [events.rejected(event, event.request_id, "no_such_window")]
    span = (event.window * rules.window_ms, event.window * rules.window_ms + 1)
    alone = dataclasses.replace(rules, margin_before_ms=0)
    session = windows.recut(session, alone, span, session.total_ms)
    outputs: Outputs = [events.accepted(session, event, event.request_id)]
    if session.sealed:
        session, sealed = generations.reopen(session, event, Cause.REPLAY, rules)
        outputs += sealed
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    return session, [*outputs, *events.windows(ready)]
