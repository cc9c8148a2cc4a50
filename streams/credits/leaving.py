"""Pure: a person leaves, and every voice of theirs is released, whatever its label is by now.

The stage `erasure` asks for each voice by the label that the warehouse knows. A merge that was
being counted may have moved the claim on meanwhile.
"""

from typing import TypeVar

from msgspec.structs import replace

from schemas.claim_events import (
    ClaimRequested,
    Decided,
    ForgetRequested,
    Requested,
    TagRequested,
)
from schemas.ids import NOBODY, SpeakerLabel, UserId, derived_id
from streams.credits import events
from streams.credits.state import Change, Claim, Joined, Ledger, Tag
from streams.each_person import stand_in
from streams.newest import with_newest

Held = TypeVar("Held", Claim, Tag)


MOST_LEFT = 200
"""People who left one session and are remembered."""


def names_who_left(ledger: Ledger, event: Requested) -> bool:
    """Whether a request comes late: its maker, or the user whom it names, asked to leave since."""
    people = [event.by]
    if isinstance(event, ClaimRequested | TagRequested) and event.user_id is not None:
        people.append(event.user_id)
    # Without LATE_MS: they may ask, come back, and claim at once.
    left_ms = [ledger.left_ms.get(stand_in(event.session_id, one), 0) for one in people]
    return event.occurred_at_ms <= max(left_ms)


def left(ledger: Ledger, event: ForgetRequested) -> tuple[Ledger, list[Decided]]:
    """Returns the ledger without the person, and a notice of each voice that they had.

    All that is newer than the request is of somebody who came back: it stays. So do older claims
    and tags for others, as said by nobody: a later notice would name the person again. Such a
    claim is told: other stages know by whom a guest is named, and would ask the person for ever.
    Changes stay too, so that others can undo what the person did to them.
    """
    former = ledger
    ledger = replace(
        ledger,
        claims=_of_others(ledger.claims, event),
        tags=_of_others(ledger.tags, event),
        history=tuple(_changed(change, event) for change in ledger.history),
        joined=tuple(_joined(voice, event) for voice in ledger.joined),
        left_ms=_left_ms(ledger, event),
    )
    told = _told(former, ledger)
    if not told:
        return ledger, []
    ledger = replace(ledger, changes=ledger.changes + 1)
    return ledger, [_notice(ledger, event, label) for label in told]


def _left_ms(ledger: Ledger, event: ForgetRequested) -> dict[str, int]:
    name = stand_in(event.session_id, event.by)
    at_ms = max(ledger.left_ms.get(name, 0), event.occurred_at_ms)
    return with_newest(ledger.left_ms, name, at_ms, MOST_LEFT)


def _told(former: Ledger, ledger: Ledger) -> list[SpeakerLabel]:
    """The voices that are nobody's any more, and claims that somebody else was named in."""
    lost = {*former.claims, *former.tags} - {*ledger.claims, *ledger.tags}
    renamed = {label for label, claim in ledger.claims.items() if claim != former.claims[label]}
    return sorted(lost | renamed)


def _of_others(held: dict[SpeakerLabel, Held], event: ForgetRequested) -> dict[SpeakerLabel, Held]:
    """The claims or tags that stay."""
    kept: dict[SpeakerLabel, Held] = {}
    for label, claim in held.items():
        stays = _without(claim, event)
        if stays is not None:
            kept[label] = stays
    return kept


def _changed(change: Change, event: ForgetRequested) -> Change:
    """Not by nobody: two people's changes in a row would be those of one."""
    by = change.by
    if by == event.by and change.made_ms <= event.occurred_at_ms:
        by = UserId(stand_in(event.session_id, by))
    claim = _without(change.claim, event)
    return replace(change, by=by, claim=claim, tag=_without(change.tag, event))


def _joined(voice: Joined, event: ForgetRequested) -> Joined:
    claim = _without(voice.claim, event)
    is_moved = voice.is_moved and claim is not None
    return replace(voice, claim=claim, tag=_without(voice.tag, event), is_moved=is_moved)


def _without(held: Held | None, event: ForgetRequested) -> Held | None:
    """None for what is the person's. A claim or tag for others names nobody as its maker."""
    if held is None or held.made_ms > event.occurred_at_ms:
        return held
    if held.user_id == event.by:
        return None
    return replace(held, by=NOBODY) if held.by == event.by else held


def _notice(ledger: Ledger, event: ForgetRequested, label: SpeakerLabel) -> Decided:
    request = derived_id("Left", event.session_id, event.request_id, label)
    asked_by_nobody = events.unasked(ledger, request, label)
    claim = ledger.claims.get(label)
    if claim is None:
        return events.released(event, asked_by_nobody)
    return events.claimed(event, asked_by_nobody, claim)
