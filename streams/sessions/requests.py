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
from streams.decision import Outputs
from streams.sessions import publishing, sealing, windows
from streams.sessions.state import Header, Rules
from streams.store import Store


def on_claim(header: Header, event: SpeakerClaimed | SpeakerReleased) -> tuple[Header, Outputs]:
    """All voices claimed: completed. One free again: ready."""
    others = tuple(label for label in header.claimed if label != event.speaker)
    header = replace(
        header, claimed=(*others, event.speaker) if isinstance(event, SpeakerClaimed) else others
    )
    state = sealing.state_of(header)
    if header.state not in (State.READY, State.COMPLETED) or state is header.state:
        return header, []
    header = replace(header, state=state)
    return header, sealing.announced(header, event)


def on_constraint(
    header: Header, event: MergeRequested | SplitRequested, rules: Rules
) -> tuple[Header, Outputs]:
    """Two labels are one person, or one label is two people: remembered by every later clustering."""
    if event.event_id in header.causes:
        return header, [publishing.accepted(header, event, event.request_id)]
    if header.state not in (State.READY, State.COMPLETED):
        return header, [publishing.rejected(event, event.request_id, "not_ready")]
    constraint, cause = _constraint(event)
    if (
        not {constraint.speaker, constraint.other or constraint.speaker} <= set(header.speakers)
        or constraint.speaker == constraint.other
    ):
        return header, [publishing.rejected(event, event.request_id, "no_such_speaker")]
    accepted = publishing.accepted(header, event, event.request_id)
    header, outputs = sealing.reopen(
        replace(header, constraints=(*header.constraints, constraint)), event, cause, rules
    )
    return header, [accepted, *outputs]


def _constraint(event: MergeRequested | SplitRequested) -> tuple[Constraint, Cause]:
    if isinstance(event, MergeRequested):
        return Constraint(
            kind=ConstraintKind.MERGE, speaker=event.target, other=event.source
        ), Cause.MERGE
    return Constraint(kind=ConstraintKind.SPLIT, speaker=event.speaker), Cause.SPLIT


Request = HintRequested | MergeRequested | SplitRequested | RecountRequested | ReplayRequested


def on_request(
    store: Store, header: Header, event: Request, rules: Rules
) -> tuple[Header, Outputs]:
    """What somebody asked of the session. Without its words nothing can be counted or attributed again."""
    if header.is_text_gone and event.event_id not in header.causes:
        return header, [publishing.rejected(event, event.request_id, "text_expired")]
    match event:
        case HintRequested():
            return on_hint(header, event, rules)
        case MergeRequested() | SplitRequested():
            return on_constraint(header, event, rules)
        case RecountRequested():
            return on_recount(header, event, rules)
        case ReplayRequested():
            return on_replay(store, header, event, rules)


def on_hint(header: Header, event: HintRequested, rules: Rules) -> tuple[Header, Outputs]:
    """Heads were counted: remembered before the end, a new generation after it."""
    if event.event_id in header.causes:
        return header, [publishing.accepted(header, event, event.request_id)]
    if not header.sealed:
        header = replace(header, hint=event.speakers, causes=(*header.causes, event.event_id))
        return header, [publishing.accepted(header, event, event.request_id)]
    header, outputs = sealing.reopen(replace(header, hint=event.speakers), event, Cause.HINT, rules)
    return header, [publishing.accepted(header, event, event.request_id), *outputs]


def on_recount(header: Header, event: RecountRequested, rules: Rules) -> tuple[Header, Outputs]:
    """Another lexicon: kept for the end of a session that goes on, a new generation of one that is over. Nothing is heard again."""
    accepted = publishing.accepted(header, event, event.request_id)
    if event.event_id in header.causes or header.lexicon == event.lexicon:
        return header, [accepted]
    header = replace(header, lexicon=event.lexicon)
    if not header.sealed:
        return replace(header, causes=(*header.causes, event.event_id)), [accepted]
    header, outputs = sealing.reopen(header, event, Cause.RECOUNT, rules)
    return header, [accepted, *outputs]


def on_replay(
    store: Store, header: Header, event: ReplayRequested, rules: Rules
) -> tuple[Header, Outputs]:
    """A dead-lettered window is worked on again, as a new revision."""
    if event.event_id in header.causes:
        return header, []
    if event.window >= len(header.revisions):
        return header, [publishing.rejected(event, event.request_id, "no_such_window")]
    span = (event.window * rules.window_ms, event.window * rules.window_ms + 1)
    alone = dataclasses.replace(rules, margin_before_ms=0)
    header = windows.recut(header, alone, span, header.total_ms)
    outputs: Outputs = [publishing.accepted(header, event, event.request_id)]
    if header.sealed:
        header, sealed = sealing.reopen(header, event, Cause.REPLAY, rules)
        outputs += sealed
    header, ready = windows.release(header, store, rules, event.occurred_at_ms)
    return header, [*outputs, *publishing.windows(ready)]
