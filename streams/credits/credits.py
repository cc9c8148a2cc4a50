"""Pure: all that each user has from each speaker of a session, as whole values with a version."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel, UserId
from schemas.word_events import VoiceCredited, WordsCredited
from streams.credits import events
from streams.credits.state import (
    Claim,
    Credited,
    Ledger,
    Moments,
    SpeakerTotals,
    WindowCounts,
)

Credit = WordsCredited | VoiceCredited
Claims = Mapping[SpeakerLabel, Claim]


def credit_all(
    ledger: Ledger, event: SessionEvent, former: Claims, windows: Sequence[WindowCounts]
) -> tuple[Ledger, list[Credit]]:
    """Credits a new complete generation: every user of a claimed speaker gets its counts.

    A user whose claim is gone since `former` loses theirs.
    """
    return _credit(ledger, event, former, sorted({*former, *ledger.claims}), windows)


def credit_change(
    ledger: Ledger, event: SessionEvent, former: Claims, windows: Sequence[WindowCounts]
) -> tuple[Ledger, list[Credit]]:
    """Credits the speakers whose claim differs from `former`. No difference gives no credit.

    The user of the new claim gets the counts, the user of the old one loses them. `windows` are
    those of the totals' generation.
    """
    now = ledger.claims
    speakers = sorted({*former, *now})
    changed = [speaker for speaker in speakers if former.get(speaker) != now.get(speaker)]
    return _credit(ledger, event, former, changed, windows)


def _credit(
    ledger: Ledger,
    event: SessionEvent,
    former: Claims,
    speakers: Sequence[SpeakerLabel],
    windows: Sequence[WindowCounts],
) -> tuple[Ledger, list[Credit]]:
    sent: list[Credit] = []
    for speaker in speakers:
        users = _users(former.get(speaker), ledger.claims.get(speaker))
        for user, holds in users.items():
            ledger, credit = _credit_words(ledger, event, user, speaker, holds=holds)
            sent.append(credit)
    if sent:
        # Every voice is sent again: a user who came or left is company to all others.
        sent += [_credit_voice(ledger, event, voice, windows) for voice in ledger.credited]
    # A user who lost the speaker has been told, and leaves.
    held = tuple(credited for credited in ledger.credited if _holds(ledger, credited))
    return replace(ledger, credited=held), sent


def _holds(ledger: Ledger, credited: Credited) -> bool:
    claim = ledger.claims.get(credited.speaker)
    return claim is not None and claim.user_id == credited.user_id


def _users(before: Claim | None, now: Claim | None) -> dict[UserId, bool]:
    """User -> whether the speaker is theirs now. Guests have no credits."""
    users: dict[UserId, bool] = {}
    if before is not None and before.user_id is not None:
        users[before.user_id] = False
    if now is not None and now.user_id is not None:
        users[now.user_id] = True
    return users


def _credit_words(
    ledger: Ledger, event: SessionEvent, user: UserId, speaker: SpeakerLabel, *, holds: bool
) -> tuple[Ledger, WordsCredited]:
    assert ledger.totals is not None
    totals = ledger.totals.of(speaker) if holds else SpeakerTotals()
    others: list[Credited] = []
    before: Credited | None = None
    for known in ledger.credited:
        if (known.user_id, known.speaker) == (user, speaker):
            before = known
        else:
            others.append(known)
    credited = Credited(user_id=user, speaker=speaker, days=_ever(before, totals))
    every = sorted([*others, credited], key=lambda known: (known.user_id, known.speaker))
    ledger = replace(ledger, credited=tuple(every))
    return ledger, events.words_credited(ledger, event, credited, totals)


def _ever(before: Credited | None, totals: SpeakerTotals) -> dict[str, tuple[str, ...]]:
    former = before.days if before else {}
    ever: dict[str, tuple[str, ...]] = {}
    for day in sorted({*former, *totals.days, *totals.spoken}):
        words = {*former.get(day, ()), *totals.days.get(day, {})}
        ever[day] = tuple(sorted(words))
    return ever


def _credit_voice(
    ledger: Ledger, event: SessionEvent, credited: Credited, windows: Sequence[WindowCounts]
) -> VoiceCredited:
    assert ledger.sealed is not None
    assert ledger.totals is not None
    speaker = credited.speaker
    if not _holds(ledger, credited) or speaker not in ledger.totals.labels:
        return events.voice_taken(ledger, event, credited)
    return events.voice_credited(
        ledger,
        event,
        credited,
        ledger.totals.of(speaker),
        said=_said(speaker, windows),
        company=_company(ledger, credited.user_id),
    )


def _company(ledger: Ledger, user: UserId) -> tuple[UserId, ...]:
    users = {claim.user_id for claim in ledger.claims.values() if claim.user_id is not None}
    return tuple(sorted(users - {user}))


def _said(speaker: SpeakerLabel, windows: Sequence[WindowCounts]) -> Moments:
    found: Moments = {}
    for window in windows:
        for day, words in window.said.get(speaker, {}).items():
            moments_of = found.setdefault(day, {})
            for word, moments in words.items():
                moments_of[word] = (*moments_of.get(word, ()), *moments)
    return found
