"""Pure: claims and tags of a new generation go with their voices through merges, and back."""

from msgspec.structs import replace

from schemas.claim_events import Decided
from schemas.event import SessionEvent
from schemas.ids import NOBODY, SpeakerLabel, derived_id
from schemas.session_events import Constraint, ConstraintKind
from streams.credits import events, history
from streams.credits.history import claim_and_tag, others
from streams.credits.state import Claim, Joined, Ledger
from streams.each_person import MOST_MERGES_AND_SPLITS
from streams.seals import constraints_of


def settle(ledger: Ledger, event: SessionEvent) -> tuple[Ledger, list[Decided]]:
    """Returns the ledger without claims and tags on speakers that a new generation does not have.

    The claim of a merged speaker moves to the speaker that it was merged into, unless that one has
    a claim. When the merge is undone, claim and tag come back. Each claim or tag that ends, and
    each that moves, gives a notice.
    """
    present = ledger.totals.labels if ledger.totals else set()
    before = ledger
    ledger = former = _without_late_claims(ledger, present)
    for joined in ledger.joined:
        ledger = _parted(ledger, joined, present)
    for label in sorted({*ledger.claims, *ledger.tags} - present):
        ledger = _left(ledger, label, present)
    return _with_notices(before, former, ledger, event)


def _without_late_claims(ledger: Ledger, present: set[SpeakerLabel]) -> Ledger:
    """Returns the ledger without claims that were made while their speaker became somebody's.

    A merge of one claimed voice and a free one needs nobody else. A claim of the free one meanwhile
    would get the other person's voice with it.
    """
    claims = dict(ledger.claims)
    for label in sorted(set(claims) - present):
        merges = _merges(ledger, label)
        if merges and not merges[-1].agreed:
            into = claims.get(merges[-1].speaker)
            if into is not None and _is_late(into, claims[label]):
                del claims[merges[-1].speaker]
    return replace(ledger, claims=claims)


def _is_late(claim: Claim, former: Claim) -> bool:
    """Whether a claim is newer than that of somebody else."""
    is_of_another = (claim.user_id or claim.by) != (former.user_id or former.by)
    return is_of_another and claim.made_ms > former.made_ms


def merged_into(ledger: Ledger, label: SpeakerLabel) -> SpeakerLabel | None:
    """Returns the label that a label became in the generation that people see, which may be it.

    None when nothing is known of merges in that generation.
    """
    merges = _merges(ledger, label)
    if merges is None:
        return None
    return merges[-1].speaker if merges else label


def _merges(ledger: Ledger, label: SpeakerLabel) -> list[Constraint] | None:
    """The merges that a label went through, in their order. None when nothing is known of them."""
    constraints = constraints_of(ledger.sealed, ledger.constrained) if ledger.sealed else None
    if constraints is None:
        return None
    now = label
    found: list[Constraint] = []
    for constraint in constraints:
        if constraint.kind is ConstraintKind.MERGE and constraint.other == now:
            now = constraint.speaker
            found.append(constraint)
    return found


def _left(ledger: Ledger, label: SpeakerLabel, present: set[SpeakerLabel]) -> Ledger:
    """The speaker is gone: its claim goes to the speaker that it became, or ends."""
    into = merged_into(ledger, label)
    claim = ledger.claims.get(label)
    tag = ledger.tags.get(label)
    claims = others(ledger.claims, label)
    tags = others(ledger.tags, label)
    if into is None or into == label:
        return replace(ledger, claims=claims, tags=tags)
    is_moved = claim is not None and into in present and into not in claims
    if claim is not None and is_moved:
        claims[into] = claim
    joined = Joined(speaker=label, into=into, claim=claim, tag=tag, is_moved=is_moved)
    remembered = (*ledger.joined, joined)
    return replace(ledger, claims=claims, tags=tags, joined=remembered[-MOST_MERGES_AND_SPLITS:])


def _parted(ledger: Ledger, joined: Joined, present: set[SpeakerLabel]) -> Ledger:
    """The merged speaker is itself again, or a part of another speaker: its claim goes with it."""
    if joined.speaker in present:
        return _itself_again(ledger, joined)
    now = merged_into(ledger, joined.speaker)
    if now is None or now == joined.into or now not in present:
        return ledger
    return _part_of_another(ledger, joined, now)


def _itself_again(ledger: Ledger, joined: Joined) -> Ledger:
    """The merge is undone: claim and tag are the speaker's again.

    A claim that moved comes back only if nobody changed it since.
    """
    speaker = joined.speaker
    is_unchanged = _is_unchanged(ledger, joined)
    claims = dict(ledger.claims)
    tags = dict(ledger.tags)
    if is_unchanged:
        del claims[joined.into]
    comes_back = is_unchanged or not joined.is_moved
    if joined.claim and comes_back:
        claims.setdefault(speaker, joined.claim)
    if joined.tag and speaker not in claims:
        tags.setdefault(speaker, joined.tag)
    remembered = _without(ledger.joined, joined)
    return replace(ledger, claims=claims, tags=tags, joined=remembered)


def _part_of_another(ledger: Ledger, joined: Joined, now: SpeakerLabel) -> Ledger:
    """The speaker became `now`: a claim that moved moves on, if nobody changed it since."""
    claims = dict(ledger.claims)
    if _is_unchanged(ledger, joined):
        del claims[joined.into]
        if joined.claim:
            claims.setdefault(now, joined.claim)
    remembered = _without(ledger.joined, joined)
    moved_on = replace(joined, into=now)
    return replace(ledger, claims=claims, joined=(*remembered, moved_on))


def _is_unchanged(ledger: Ledger, joined: Joined) -> bool:
    """Whether the claim moved with the merge, and is still as it was then."""
    return joined.is_moved and ledger.claims.get(joined.into) == joined.claim


def _without(remembered: tuple[Joined, ...], joined: Joined) -> tuple[Joined, ...]:
    return tuple(one for one in remembered if one != joined)


def _with_notices(
    before: Ledger, former: Ledger, ledger: Ledger, event: SessionEvent
) -> tuple[Ledger, list[Decided]]:
    """Returns the ledger with its changes in the history, and a notice of each, releases first.

    The history has the claims of `former`: no undoing brings a late one back.
    """
    changed = _changed(before, ledger)
    if not changed:
        return ledger, []
    ledger = replace(ledger, changes=ledger.changes + 1)
    for label in changed:
        ledger = history.noted(former, ledger, label, NOBODY, event.occurred_at_ms)
    released = [label for label in changed if claim_and_tag(ledger, label) == (None, None)]
    taken = [label for label in changed if label not in released]
    in_order = (*released, *taken)
    return ledger, [_notice(ledger, event, label) for label in in_order]


def _changed(before: Ledger, after: Ledger) -> list[SpeakerLabel]:
    """The speakers whose claim or tag differs, by label."""

    def differs(label: SpeakerLabel) -> bool:
        return claim_and_tag(before, label) != claim_and_tag(after, label)

    labels = {*before.claims, *before.tags, *after.claims, *after.tags}
    return sorted(filter(differs, labels))


def _notice(ledger: Ledger, event: SessionEvent, label: SpeakerLabel) -> Decided:
    request = derived_id("Settled", event.session_id, ledger.generation, label)
    notice = events.unasked(ledger, request, label)
    claim, tag = claim_and_tag(ledger, label)
    if claim is not None:
        by_claimant = notice._replace(by=claim.by)
        return events.claimed(event, by_claimant, claim)
    if tag is not None:
        return events.tagged(event, notice, tag)
    return events.released(event, notice)
