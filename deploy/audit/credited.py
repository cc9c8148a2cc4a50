"""Pure: what users have from a session, against its counted-again words and its claims."""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator, Mapping

from deploy.audit.log_facts import Claim, LogFacts, Whose
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Key
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import DayNumbers, StoredRows, VoiceRow
from schemas.claim_events import SpeakerClaimed, SpeakerReleased, SpeakerTagged
from schemas.ids import SpeakerLabel, UserId

OF_VOICE = ("user_id", "speaker")
Claimed = tuple[str, str, str]
"""Kind of a claim, the user, and the name of a guest; empty where there is none."""
VoiceNumbers = tuple[object, ...]
"""Moments, spoken by day, talk time, company, time zone, length of the session."""


def differences(
    facts: LogFacts,
    recounted: Recounted,
    stored: StoredRows,
) -> Iterator[Difference]:
    """Yield what differs in `user_days`, `user_voices` and `claims`."""
    days: dict[Key, DayNumbers] = {}
    voices: dict[Key, VoiceNumbers] = {}
    talk_ms: dict[Key, int] = {}
    present = recounted.speakers
    held = holders(facts)
    for speaker, user in held.items():
        if speaker in present:
            of_days = _days(recounted, speaker)
            days |= {(user, speaker, day): numbers for day, numbers in of_days.items()}
            voices[user, speaker] = _voice(recounted, speaker, user, of_days, held)
            talk_ms[user, speaker] = present[speaker].talk_ms
    yield from _day_rows(facts, days, stored).differences()
    yield from _talk_rows(facts, talk_ms, stored).differences()
    yield from _voice_rows(facts, voices, stored).differences()
    if facts.is_whole:
        yield from _claim_rows(facts, stored).differences()


def holders(facts: LogFacts) -> dict[SpeakerLabel, UserId]:
    """Return the user who has each speaker. Guests and tags have no credits."""
    return {
        speaker: claim.user_id
        for speaker, claim in facts.claims.items()
        if isinstance(claim, SpeakerClaimed) and claim.user_id is not None
    }


def _days(recounted: Recounted, speaker: SpeakerLabel) -> dict[str, DayNumbers]:
    words: defaultdict[str, Counter[str]] = defaultdict(Counter)
    spoken: Counter[str] = Counter()
    for window in recounted.windows.values():
        spoken[window.counted.day] += window.counted.spoken.get(speaker, 0)
        for row in window.counted.sure:
            if row.speaker == speaker:
                words[row.day][row.word] += 1
    days = {*words, *(day for day, number in spoken.items() if number)}
    found: dict[str, DayNumbers] = {}
    for day in sorted(days):
        counts = words[day]
        found[day] = DayNumbers(dict(counts), counts.total(), spoken[day])
    return found


def _voice(
    recounted: Recounted,
    speaker: SpeakerLabel,
    user: UserId,
    of_days: Mapping[str, DayNumbers],
    held: Mapping[SpeakerLabel, UserId],
) -> VoiceNumbers:
    rows = [row for one in recounted.windows.values() for row in one.counted.sure]
    moments = sorted((row.said_at_ms, row.word, row.day) for row in rows if row.speaker == speaker)
    spoken = {day: numbers.spoken for day, numbers in of_days.items() if numbers.spoken}
    company = sorted({*held.values()} - {user})
    sealed = recounted.sealed
    talk_ms = recounted.speakers[speaker].talk_ms
    return moments, spoken, talk_ms, company, sealed.time_zone, sealed.total_ms


def _day_rows(
    facts: LogFacts, wanted: dict[Key, DayNumbers], stored: StoredRows
) -> Rows[DayNumbers]:
    found: list[tuple[Key, DayNumbers]] = [
        ((row.user_id, row.speaker, str(row.day)), row.numbers())
        for row in stored.days
        if row.count or row.spoken
    ]
    columns = (*OF_VOICE, "day")
    is_kept = _is_kept(facts, facts.words_credited)
    return Rows("user_days", columns, facts.session_id, wanted, found, is_kept=is_kept)


def _talk_rows(
    facts: LogFacts,
    wanted: dict[Key, int],
    stored: StoredRows,
) -> Rows[int]:
    # A row that is there twice is a difference of `user_days`, and is added up once here.
    row_of = {(row.user_id, row.speaker, row.day): row for row in stored.days}
    talk_ms: Counter[Key] = Counter()
    for row in row_of.values():
        talk_ms[row.user_id, row.speaker] += row.talk_ms
    found = [(voice, ms) for voice, ms in talk_ms.items() if ms]
    some = {voice: ms for voice, ms in wanted.items() if ms}
    is_kept = _is_kept(facts, facts.words_credited)
    return Rows("user_days", OF_VOICE, facts.session_id, some, found, of_many=True, is_kept=is_kept)


def _voice_rows(
    facts: LogFacts, wanted: dict[Key, VoiceNumbers], stored: StoredRows
) -> Rows[VoiceNumbers]:
    found: list[tuple[Key, VoiceNumbers]] = [
        ((row.user_id, row.speaker), row.numbers()) for row in stored.voices if _is_held(row)
    ]
    is_kept = _is_kept(facts, facts.voice_credited)
    return Rows("user_voices", OF_VOICE, facts.session_id, wanted, found, is_kept=is_kept)


def _is_kept(facts: LogFacts, events: Container[Whose]) -> Callable[[Key], bool]:
    """Whether the log has what rows of a user and a speaker are made of, or had it all along."""

    def is_kept(key: Key) -> bool:
        user, speaker, *_ = key
        return facts.is_whole or (user, speaker) in events

    return is_kept


def _is_held(row: VoiceRow) -> bool:
    return bool(row.time_zone or row.words or row.talk_ms)


def _claim_rows(facts: LogFacts, stored: StoredRows) -> Rows[Claimed]:
    wanted: dict[Key, Claimed] = {}
    for speaker, claim in facts.claims.items():
        wanted[speaker,] = _claimed(claim)
    found: list[tuple[Key, Claimed]] = []
    for row in stored.claims:
        claimed = (row.kind, row.user_id, row.guest_name)
        found.append(((row.speaker,), claimed))
    return Rows("claims", ("speaker",), facts.session_id, wanted, found)


def _claimed(claim: Claim) -> Claimed:
    match claim:
        case SpeakerClaimed():
            return claim.kind, claim.user_id or "", claim.guest_name or ""
        case SpeakerTagged():
            return "tag", claim.user_id, ""
        case SpeakerReleased():
            return "", "", ""
