"""Pure: what each user has from each speaker of a session, as whole truths with a version."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from schemas.event import SessionEvent
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.word_events import VoiceCredited, WordsCredited
from streams.credits.state import Claim, Credited, Days, Ledger, Moments, WindowCounts

Credit = WordsCredited | VoiceCredited
SEPARATOR = "\x1f"
"""Between user and speaker in the keys of what was ever credited."""


def credit_all(
    ledger: Ledger,
    event: SessionEvent,
    former: Mapping[SpeakerLabel, Claim],
    windows: Sequence[WindowCounts],
) -> tuple[Ledger, list[Credit]]:
    """A new generation is complete: every claimed speaker's owner gets it, and who held a claim that is gone loses it."""
    return credit_change(
        replace(ledger, version=ledger.version + 1), event, former, windows, everything=True
    )


def credit_change(
    ledger: Ledger,
    event: SessionEvent,
    former: Mapping[SpeakerLabel, Claim],
    windows: Sequence[WindowCounts],
    *,
    everything: bool = False,
) -> tuple[Ledger, list[Credit]]:
    """Where a claim differs from `former`: the owner now gets the counts, the owner before loses them. `everything`: also where it does not.

    `windows` are those of the totals' generation.
    """
    credited: list[Credit] = []
    for speaker in sorted({*former, *ledger.claims}):
        before, now = former.get(speaker), ledger.claims.get(speaker)
        owners = {
            claim.user_id: holds
            for claim, holds in ((before, False), (now, True))
            if claim is not None
        }
        for user, holds in owners.items():
            if user is not None and (everything or before != now):
                ledger, credit = _credit(
                    ledger, event.session_id, event, user, speaker, holds=holds
                )
                credited.append(credit)
    # Who came or left is company to all others.
    voices = (
        [_voice(ledger, event, key, windows) for key in sorted(ledger.credited)] if credited else []
    )
    return ledger, [*credited, *voices]


def _credit(
    ledger: Ledger,
    session_id: SessionId,
    event: SessionEvent,
    user: UserId,
    speaker: SpeakerLabel,
    *,
    holds: bool,
) -> tuple[Ledger, WordsCredited]:
    totals = ledger.totals
    assert totals is not None
    present = holds and any(s.label == speaker for s in totals.speakers)
    days: Days = totals.days.get(speaker, {}) if present else {}
    spoken = totals.spoken.get(speaker, {}) if present else {}
    talk_ms = next((s.talk_ms for s in totals.speakers if s.label == speaker), 0) if present else 0
    key = f"{user}{SEPARATOR}{speaker}"
    ever = _ever(ledger.credited.get(key), days, spoken)
    ledger = replace(ledger, credited={**ledger.credited, key: Credited(days=ever)})
    return ledger, WordsCredited(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session_id,
        user_id=user,
        speaker=speaker,
        credit_version=ledger.version,
        days={
            day: {word: days.get(day, {}).get(word, 0) for word in words}
            for day, words in ever.items()
        },
        spoken={day: spoken.get(day, 0) for day in ever},
        talk_ms=talk_ms,
    )


def _voice(
    ledger: Ledger, event: SessionEvent, key: str, windows: Sequence[WindowCounts]
) -> VoiceCredited:
    sealed, totals = ledger.sealed, ledger.totals
    assert sealed is not None
    assert totals is not None
    user, label = key.split(SEPARATOR)
    speaker = SpeakerLabel(label)
    claim, summary = (
        ledger.claims.get(speaker),
        next((s for s in totals.speakers if s.label == speaker), None),
    )
    holds = claim is not None and claim.user_id == user and summary is not None
    spoken = totals.spoken.get(speaker, {}) if holds else {}
    return VoiceCredited(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        user_id=UserId(user),
        speaker=speaker,
        credit_version=ledger.version,
        said=_said(speaker, windows) if holds else {},
        spoken={day: spoken.get(day, 0) for day in ledger.credited[key].days},
        talk_ms=summary.talk_ms if holds and summary else 0,
        company=_company(ledger, user) if holds else (),
        time_zone=sealed.time_zone if holds else "",
        audio_ms=sealed.total_ms if holds else 0,
    )


def _company(ledger: Ledger, user: str) -> tuple[UserId, ...]:
    return tuple(
        sorted(
            {claim.user_id for claim in ledger.claims.values() if claim.user_id is not None}
            - {user}
        )
    )


def _said(speaker: SpeakerLabel, windows: Sequence[WindowCounts]) -> Moments:
    found: Moments = {}
    for window in windows:
        for day, words in window.said.get(speaker, {}).items():
            held = found.setdefault(day, {})
            for word, moments in words.items():
                held[word] = (*held.get(word, ()), *moments)
    return found


def _ever(
    before: Credited | None, days: Days, spoken: dict[str, int]
) -> dict[str, tuple[str, ...]]:
    held = before.days if before else {}
    every_day = sorted({*held, *days, *spoken})
    return {day: tuple(sorted({*held.get(day, ()), *days.get(day, {})})) for day in every_day}
