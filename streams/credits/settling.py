"""Pure: what a new generation means for claims. Who was merged brings the claim along; a claim without its voice is released."""

from msgspec.structs import replace

from schemas.claim_events import Decided
from schemas.event import SessionEvent
from schemas.ids import event_id
from schemas.session_events import ConstraintKind
from streams.credits import answering
from streams.credits.state import Ledger


def settle(ledger: Ledger, event: SessionEvent) -> tuple[Ledger, list[Decided]]:
    """The ledger with claims and tags on speakers that there are, and a notice for each that moved or was released."""
    present = {s.label for s in ledger.totals.speakers} if ledger.totals else set()
    gone = sorted(label for label in {*ledger.claims, *ledger.tags} if label not in present)
    notices: list[Decided] = []
    for label in gone:
        ledger, found = _moved(ledger, event, label, _heir(ledger, label, present))
        notices += found
    return ledger, notices


def _heir(ledger: Ledger, label: str, present: set[str]) -> str | None:
    """Who has the voice now: of two merged speakers the target's claim stands, else the other's."""
    constrained, sealed = ledger.constrained, ledger.sealed
    if constrained is None or sealed is None or constrained.generation != sealed.generation:
        return None
    now = label
    for constraint in constrained.constraints:
        if constraint.kind is ConstraintKind.MERGE and constraint.other == now:
            now = constraint.speaker
    return now if now in present and now not in ledger.claims else None


def _moved(
    ledger: Ledger, event: SessionEvent, label: str, heir: str | None
) -> tuple[Ledger, list[Decided]]:
    claim, tag = ledger.claims.get(label), ledger.tags.get(label)
    claims = {at: held for at, held in ledger.claims.items() if at != label}
    tags = {at: held for at, held in ledger.tags.items() if at != label}
    if claim is not None and heir is not None:
        claims[heir] = claim
    ledger = replace(ledger, claims=claims, tags=tags, version=ledger.version + 1)
    by = claim.by if claim is not None else tag.by if tag is not None else None
    assert by is not None
    generation = ledger.totals.generation if ledger.totals else 0
    request = event_id("Settled", event.session_id, generation, label)
    notices: list[Decided] = [answering.released(ledger, event, request, label, by)]
    if claim is not None and heir is not None:
        notices.append(
            answering.claimed(
                ledger,
                event,
                event_id("Inherited", event.session_id, generation, heir),
                heir,
                claim,
                by,
            )
        )
    return ledger, notices
