"""Pure: claims and tags of a new generation go with their voices through merges, and back."""

from msgspec.structs import replace

from schemas.claim_events import Decided
from schemas.event import SessionEvent
from schemas.ids import NOBODY, SpeakerLabel, derived_id
from schemas.session_events import ConstraintKind
from streams.credits import events, history
from streams.credits.history import others
from streams.credits.state import Claim, Joined, Ledger, Tag

MOST_JOINED = 100
"""Merged speakers of one session whose claims are remembered, as many as there are merges."""


def settle(ledger: Ledger, event: SessionEvent) -> tuple[Ledger, list[Decided]]:
    """Returns the ledger without claims and tags on speakers that a new generation does not have.

    The claim of a merged speaker moves to the speaker that it was merged into, unless that one has
    a claim. When the merge is undone, claim and tag come back. Each claim or tag that ends, and
    each that moves, gives a notice.
    """
    present = ledger.totals.labels if ledger.totals else set()
    before = ledger
    for joined in ledger.joined:
        ledger = _parted(ledger, joined, present)
    for label in sorted({*ledger.claims, *ledger.tags} - present):
        ledger = _left(ledger, label, present)
    return _told(before, ledger, event)


def merged_into(ledger: Ledger, label: SpeakerLabel) -> SpeakerLabel | None:
    """Returns the label that a label became in the generation that people see, which may be it.

    None when nothing is known of merges in that generation.
    """
    constrained = ledger.constrained
    sealed = ledger.sealed
    if constrained is None or sealed is None or constrained.generation != sealed.generation:
        return None
    now = label
    for constraint in constrained.constraints:
        if constraint.kind is ConstraintKind.MERGE and constraint.other == now:
            now = constraint.speaker
    return now


def _left(ledger: Ledger, label: SpeakerLabel, present: set[SpeakerLabel]) -> Ledger:
    """The speaker is gone: its claim goes to the speaker that it became, or ends."""
    into = merged_into(ledger, label)
    claim = ledger.claims.get(label)
    claims = others(ledger.claims, label)
    is_moved = claim is not None and into in present and into not in claims
    if claim is not None and into is not None and is_moved:
        claims[into] = claim
    joined = ledger.joined
    if into is not None and into != label:
        tag = ledger.tags.get(label)
        one = Joined(speaker=label, into=into, claim=claim, tag=tag, is_moved=is_moved)
        joined = (*joined, one)[-MOST_JOINED:]
    tags = others(ledger.tags, label)
    return replace(ledger, claims=claims, tags=tags, joined=joined)


def _parted(ledger: Ledger, joined: Joined, present: set[SpeakerLabel]) -> Ledger:
    """The speaker is itself again, or a part of another one: claim and tag go with it.

    Nobody gets a claim back that was changed since.
    """
    now = joined.speaker if joined.speaker in present else merged_into(ledger, joined.speaker)
    if now is None or now == joined.into or now not in present:
        return ledger
    rest = tuple(one for one in ledger.joined if one != joined)
    claims = dict(ledger.claims)
    tags = dict(ledger.tags)
    is_back = now == joined.speaker
    moves_on = joined.is_moved and claims.get(joined.into) == joined.claim
    ended_here = is_back and not joined.is_moved
    if moves_on:
        del claims[joined.into]
    if joined.claim and now not in claims and (moves_on or ended_here):
        claims[now] = joined.claim
    if is_back and joined.tag and now not in claims:
        tags.setdefault(now, joined.tag)
    if not is_back:
        rest = (*rest, replace(joined, into=now))
    return replace(ledger, claims=claims, tags=tags, joined=rest)


def _told(before: Ledger, ledger: Ledger, event: SessionEvent) -> tuple[Ledger, list[Decided]]:
    """Returns the ledger with its changes in the history, and a notice of each, releases first."""
    labels = sorted({*before.claims, *before.tags, *ledger.claims, *ledger.tags})
    changed = [label for label in labels if _held(before, label) != _held(ledger, label)]
    if not changed:
        return ledger, []
    ledger = replace(ledger, changes=ledger.changes + 1)
    for label in changed:
        ledger = history.noted(before, ledger, label, NOBODY)
    lost = [label for label in changed if _held(ledger, label) == (None, None)]
    got = [label for label in changed if label not in lost]
    return ledger, [_notice(ledger, event, label) for label in (*lost, *got)]


def _held(ledger: Ledger, label: SpeakerLabel) -> tuple[Claim | None, Tag | None]:
    return ledger.claims.get(label), ledger.tags.get(label)


def _notice(ledger: Ledger, event: SessionEvent, label: SpeakerLabel) -> Decided:
    generation = ledger.totals.generation if ledger.totals else 0
    settled = derived_id("Settled", event.session_id, generation, label)
    notice = events.Notice(settled, label, NOBODY, ledger.version, events.unclaimed(ledger))
    claim, tag = _held(ledger, label)
    if claim is not None:
        return events.claimed(event, notice._replace(by=claim.by), claim)
    if tag is not None:
        return events.tagged(event, notice, tag)
    return events.released(event, notice)
