"""Pure: all that each user has from each speaker of a session, as whole values with a version."""

from collections.abc import Sequence

from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel, UserId
from schemas.word_events import VoiceCredited, WordsCredited
from streams.credits import events
from streams.credits.counts import Credited, Moments, SpeakerTotals, WindowCounts
from streams.credits.state import Credits, Ledger
from streams.credits.verdicts import applied

Credit = WordsCredited | VoiceCredited


def credited(former: Ledger, now: Ledger) -> tuple[Credited, ...]:
    """Returns what every user who has a speaker now was ever sent, by user and speaker.

    A user who lost a speaker is told so once, and leaves.
    """
    if now.totals is None:
        return ()
    found: list[Credited] = []
    for speaker, claim in now.claims.items():
        if claim.user_id is not None:
            before = _known(former, claim.user_id, speaker)
            days = _ever(before, now.totals.of(speaker))
            found.append(Credited(user_id=claim.user_id, speaker=speaker, days=days))
    return tuple(sorted(found, key=_by_user))


def _known(ledger: Ledger, user: UserId, speaker: SpeakerLabel) -> Credited:
    for known in ledger.credited:
        if (known.user_id, known.speaker) == (user, speaker):
            return known
    return Credited(user_id=user, speaker=speaker, days={})


def _by_user(known: Credited) -> tuple[UserId, SpeakerLabel]:
    return known.user_id, known.speaker


def credits_of(
    before: Credits,
    after: Credits,
    cause: SessionEvent,
) -> list[Credit]:
    """Returns the credits of a new complete generation, or of the claims that changed.

    The user of a new claim gets the counts, the user of an old one loses them. Then every voice is
    sent again: a user who came or left is company to all others.
    """
    ledger = after.known
    sent: list[Credit] = []
    lost: list[Credited] = []
    for speaker in _changed(before.known, ledger):
        former = _holder(before.known, speaker)
        now = _holder(ledger, speaker)
        if former is not None and former != now:
            known = _known(before.known, former, speaker)
            sent.append(events.words_credited(ledger, cause, known, SpeakerTotals()))
            lost.append(known)
        if now is not None:
            known = _known(ledger, now, speaker)
            totals = ledger.totals.of(speaker) if ledger.totals else SpeakerTotals()
            sent.append(events.words_credited(ledger, cause, known, totals))
    if not sent:
        return []
    windows = applied(ledger.verdicts, after.shown)
    voices = sorted([*ledger.credited, *lost], key=_by_user)
    return [*sent, *(_credit_voice(ledger, cause, voice, windows) for voice in voices)]


def _changed(before: Ledger, after: Ledger) -> list[SpeakerLabel]:
    speakers = sorted({*before.claims, *after.claims})
    if before.totals != after.totals:
        return speakers
    return [label for label in speakers if before.claims.get(label) != after.claims.get(label)]


def _holder(ledger: Ledger, speaker: SpeakerLabel) -> UserId | None:
    """The user who has the speaker. Guests have no credits."""
    claim = ledger.claims.get(speaker)
    return claim.user_id if claim else None


def _ever(before: Credited, totals: SpeakerTotals) -> dict[str, tuple[str, ...]]:
    former = before.days
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
    is_held = _holder(ledger, speaker) == credited.user_id
    if not is_held or speaker not in ledger.totals.labels:
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
    """The other users who have a speaker of the session."""
    claimants = {claim.user_id for claim in ledger.claims.values()}
    others = {one for one in claimants if one is not None and one != user}
    return tuple(sorted(others))


def _said(speaker: SpeakerLabel, windows: Sequence[WindowCounts]) -> Moments:
    found: dict[str, dict[str, list[int]]] = {}
    for window in windows:
        for day, words in window.said.get(speaker, {}).items():
            moments_of = found.setdefault(day, {})
            for word, moments in words.items():
                moments_of.setdefault(word, []).extend(moments)
    return {day: _kept(words) for day, words in found.items()}


def _kept(words: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {word: tuple(moments) for word, moments in words.items()}
