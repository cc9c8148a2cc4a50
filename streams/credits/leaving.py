"""Pure: a person leaves, and every voice of theirs is released, whatever its label is by now.

The stage `erasure` asks for each voice by the label that the warehouse knows. A merge that was
being counted may have moved the claim on meanwhile.
"""

from typing import TypeVar

from msgspec.structs import replace

from schemas.claim_events import Decided, ForgetRequested
from schemas.ids import NOBODY, SpeakerLabel, derived_id
from streams.credits import events, history
from streams.credits.state import Claim, Ledger, Tag

Held = TypeVar("Held", Claim, Tag)


def left(ledger: Ledger, event: ForgetRequested) -> tuple[Ledger, list[Decided]]:
    """Returns the ledger without the person, and a notice of each voice that they had.

    Claims and tags that are newer than the request are of somebody who came back: they stay. So
    do older ones for others, as said by nobody: a later notice would name the person again. Such a
    claim is told: other stages know by whom a guest is named, and would ask the person for ever.
    """
    former = ledger
    ledger = history.without(ledger, event.by)
    claims = _of_others(ledger.claims, event)
    tags = _of_others(ledger.tags, event)
    ledger = replace(ledger, claims=claims, tags=tags)
    told = _told(former, ledger)
    if not told:
        return ledger, []
    ledger = replace(ledger, changes=ledger.changes + 1)
    return ledger, [_notice(ledger, event, label) for label in told]


def _told(former: Ledger, ledger: Ledger) -> list[SpeakerLabel]:
    """The voices that are nobody's any more, and claims that somebody else was named in."""
    lost = {*former.claims, *former.tags} - {*ledger.claims, *ledger.tags}
    renamed = {label for label, claim in ledger.claims.items() if claim != former.claims[label]}
    return sorted(lost | renamed)


def _of_others(held: dict[SpeakerLabel, Held], event: ForgetRequested) -> dict[SpeakerLabel, Held]:
    """The claims or tags that stay. Those that the person made for others name nobody as maker."""
    kept: dict[SpeakerLabel, Held] = {}
    for label, claim in held.items():
        is_newer = claim.made_ms > event.occurred_at_ms
        is_for_person = claim.user_id == event.by
        is_by_person = claim.by == event.by
        if is_for_person and not is_newer:
            continue
        if is_by_person and not is_newer:
            kept[label] = replace(claim, by=NOBODY)
        else:
            kept[label] = claim
    return kept


def _notice(ledger: Ledger, event: ForgetRequested, label: SpeakerLabel) -> Decided:
    request = derived_id("Left", event.session_id, event.request_id, label)
    asked_by_nobody = events.unasked(ledger, request, label)
    claim = ledger.claims.get(label)
    if claim is None:
        return events.released(event, asked_by_nobody)
    return events.claimed(event, asked_by_nobody, claim)
