"""Pure: what each user has from each speaker of a session, as whole truths with a version."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from schemas.event import SessionEvent
from schemas.ids import SessionId, UserId, event_id
from schemas.word_events import MomentsCredited, WordsCredited
from streams.credits.state import Claim, Credited, Days, Ledger, WindowCounts

Credit = WordsCredited | MomentsCredited


def credit_all(ledger: Ledger, event: SessionEvent, former: Mapping[str, Claim], windows: Sequence[WindowCounts]) -> tuple[Ledger, list[Credit]]:
    """A new generation is complete: every claimed speaker's owner gets it, and who held a claim that is gone loses it."""
    return credit_change(replace(ledger, version=ledger.version + 1), event, former, windows, everything=True)


def credit_change(
    ledger: Ledger, event: SessionEvent, former: Mapping[str, Claim], windows: Sequence[WindowCounts], *, everything: bool = False
) -> tuple[Ledger, list[Credit]]:
    """Where a claim differs from `former`: the owner now gets the counts, the owner before loses them. `everything`: also where it does not."""
    credited: list[Credit] = []
    for speaker in sorted({*former, *ledger.claims}):
        before, now = former.get(speaker), ledger.claims.get(speaker)
        owners = {claim.user_id: holds for claim, holds in ((before, False), (now, True)) if claim is not None}
        for user, holds in owners.items():
            if user is not None and (everything or before != now):
                ledger, credit = _credit(ledger, event.session_id, event, user, speaker, holds=holds)
                credited += [credit, _moments(credit, windows if holds else ())]
    return ledger, credited


def _credit(ledger: Ledger, session_id: SessionId, event: SessionEvent, user: UserId, speaker: str, *, holds: bool) -> tuple[Ledger, WordsCredited]:
    totals = ledger.totals
    assert totals is not None
    present = holds and any(s.label == speaker for s in totals.speakers)
    days: Days = totals.days.get(speaker, {}) if present else {}
    spoken = totals.spoken.get(speaker, {}) if present else {}
    talk_ms = next((s.talk_ms for s in totals.speakers if s.label == speaker), 0) if present else 0
    key = f"{user}\x1f{speaker}"
    ever = _ever(ledger.credited.get(key), days, spoken)
    ledger = replace(ledger, credited={**ledger.credited, key: Credited(days=ever)})
    return ledger, WordsCredited(
        event_id=event_id("WordsCredited", session_id, user, speaker, ledger.version),
        occurred_at_ms=event.occurred_at_ms,
        session_id=session_id,
        user_id=user,
        speaker=speaker,
        credit_version=ledger.version,
        days={day: {word: days.get(day, {}).get(word, 0) for word in words} for day, words in ever.items()},
        spoken={day: spoken.get(day, 0) for day in ever},
        talk_ms=talk_ms,
    )


def _moments(credit: WordsCredited, windows: Sequence[WindowCounts]) -> MomentsCredited:
    """When it was said, of the windows in order; none of a claim that is gone. `days` of a credit can hold zeros: then there is no moment."""
    said: dict[str, dict[str, tuple[int, ...]]] = {}
    for window in windows:
        for day, words in window.said.get(credit.speaker, {}).items():
            for word, moments in words.items():
                held = said.setdefault(day, {})
                held[word] = (*held.get(word, ()), *moments)
    return MomentsCredited(
        event_id=event_id("MomentsCredited", credit.session_id, credit.user_id, credit.speaker, credit.credit_version),
        occurred_at_ms=credit.occurred_at_ms,
        session_id=credit.session_id,
        user_id=credit.user_id,
        speaker=credit.speaker,
        credit_version=credit.credit_version,
        said=said,
    )


def _ever(before: Credited | None, days: Days, spoken: dict[str, int]) -> dict[str, tuple[str, ...]]:
    held = before.days if before else {}
    every_day = sorted({*held, *days, *spoken})
    return {day: tuple(sorted({*held.get(day, ()), *days.get(day, {})})) for day in every_day}
