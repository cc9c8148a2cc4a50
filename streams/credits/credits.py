"""Pure: all that each user has from each speaker of a session, as whole values with a version."""

from collections.abc import Sequence

from msgspec.structs import replace

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

    The user of a new claim gets the counts, the user of an old one loses them. Then the voices that
    became different are sent: a user who came or left is company to all others.
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
            sent.append(events.words_credited(ledger, cause, known, _totals_of(ledger, speaker)))
    if not sent:
        return []
    return [*sent, *_voices(before, after, cause, lost)]


def _changed(before: Ledger, after: Ledger) -> list[SpeakerLabel]:
    """The speakers whose users get other counts, or who have another user. All at a generation."""

    def differs(speaker: SpeakerLabel) -> bool:
        is_of_another = _holder(before, speaker) != _holder(after, speaker)
        return is_of_another or _totals_of(before, speaker) != _totals_of(after, speaker)

    speakers = sorted({*before.claims, *after.claims})
    is_new = before.generation != after.generation
    return speakers if is_new else list(filter(differs, speakers))


def _totals_of(ledger: Ledger, speaker: SpeakerLabel) -> SpeakerTotals:
    return ledger.totals.of(speaker) if ledger.totals else SpeakerTotals()


def _voices(
    before: Credits, after: Credits, cause: SessionEvent, lost: Sequence[Credited]
) -> list[VoiceCredited]:
    """The voices that are not as they were sent before. All at a generation."""
    ledger = after.known
    windows = applied(ledger.verdicts, after.shown)
    wanted = sorted([*ledger.credited, *lost], key=_by_user)
    voices = [_credit_voice(ledger, cause, one, windows) for one in wanted]
    if before.known.generation != ledger.generation:
        return voices
    former = applied(before.known.verdicts, before.shown)
    sent = [_credit_voice(before.known, cause, one, former) for one in before.known.credited]
    known = {(one.user_id, one.speaker): one for one in sent}
    return [one for one in voices if not _is_same(known.get((one.user_id, one.speaker)), one)]


def _is_same(former: VoiceCredited | None, now: VoiceCredited) -> bool:
    """Whether two events differ in their version alone."""
    if former is None:
        return False
    version = now.credit_version
    return replace(former, event_id=now.event_id, credit_version=version) == now


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
