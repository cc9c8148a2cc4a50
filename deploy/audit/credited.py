"""Pure: what users have from a session, against its counted-again words and its claims."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterator, Mapping

from deploy.audit.log_facts import Claim, LogFacts, Whose
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Key
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import DayNumbers, StoredRows, VoiceRow
from schemas.claim_events import SpeakerClaimed, SpeakerReleased, SpeakerTagged
from schemas.ids import SpeakerLabel, UserId
from schemas.word_events import CountedRow

OF_VOICE = ("user_id", "speaker")
Claimed = tuple[str, str, str]
"""Kind of a claim, the user, and the name of a guest; empty where there is none."""
VoiceNumbers = tuple[object, ...]
"""The columns of a row of `user_voices`, in the order of `VoiceRow.numbers`."""


def differences(
    facts: LogFacts,
    recounted: Recounted,
    stored: StoredRows,
) -> Iterator[Difference]:
    """Yield what differs in `user_days`, `user_voices` and `claims`."""
    wanted_days: dict[Key, DayNumbers] = {}
    wanted_voices: dict[Key, VoiceNumbers] = {}
    wanted_talk_ms: dict[Key, int] = {}
    users = holders(facts)
    for speaker, user in users.items():
        talk = recounted.speakers.get(speaker)
        if talk is None:
            continue
        days = _days(recounted, speaker)
        for day, numbers in days.items():
            wanted_days[user, speaker, day] = numbers
        company = {*users.values()} - {user}
        wanted_voices[user, speaker] = _voice(recounted, speaker, days, company)
        wanted_talk_ms[user, speaker] = talk.talk_ms
    yield from _day_rows(facts, wanted_days, stored).differences()
    yield from _talk_rows(facts, wanted_talk_ms, stored).differences()
    yield from _voice_rows(facts, wanted_voices, stored).differences()
    if facts.is_whole:
        yield from _claim_rows(facts, stored).differences()


def holders(facts: LogFacts) -> dict[SpeakerLabel, UserId]:
    """Return the user who has each speaker. Guests and tags have no credits."""
    users: dict[SpeakerLabel, UserId] = {}
    for speaker, claim in facts.claims.items():
        if isinstance(claim, SpeakerClaimed) and claim.user_id is not None:
            users[speaker] = claim.user_id
    return users


def _rows_of(recounted: Recounted, speaker: SpeakerLabel) -> list[CountedRow]:
    """Return the counts of a speaker that are in totals, in all windows."""
    found: list[CountedRow] = []
    for window in recounted.windows.values():
        found += [row for row in window.counted.sure if row.speaker == speaker]
    return found


def _days(recounted: Recounted, speaker: SpeakerLabel) -> dict[str, DayNumbers]:
    """Return what a speaker has on each day with a count or a recognised word."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in _rows_of(recounted, speaker):
        counts[row.day][row.word] += 1
    spoken: Counter[str] = Counter()
    for window in recounted.windows.values():
        number = window.counted.spoken.get(speaker, 0)
        if number:
            spoken[window.counted.day] += number
    found: dict[str, DayNumbers] = {}
    for day in sorted({*counts, *spoken}):
        of_day = counts[day]
        found[day] = DayNumbers(dict(of_day), of_day.total(), spoken[day])
    return found


def _voice(
    recounted: Recounted,
    speaker: SpeakerLabel,
    days: Mapping[str, DayNumbers],
    company: Collection[UserId],
) -> VoiceNumbers:
    rows = _rows_of(recounted, speaker)
    moments = sorted((row.said_at_ms, row.word, row.day) for row in rows)
    spoken = {day: numbers.spoken for day, numbers in days.items() if numbers.spoken}
    talk_ms = recounted.speakers[speaker].talk_ms
    sealed = recounted.sealed
    return moments, spoken, talk_ms, sorted(company), sealed.time_zone, sealed.total_ms


def _day_rows(
    facts: LogFacts, wanted: dict[Key, DayNumbers], stored: StoredRows
) -> Rows[DayNumbers]:
    found: list[tuple[Key, DayNumbers]] = []
    for row in stored.days:
        if row.count or row.spoken:
            key = (row.user_id, row.speaker, str(row.day))
            found.append((key, row.numbers()))
    columns = (*OF_VOICE, "day")
    is_kept = _has_any(facts.words_credited)
    return Rows("user_days", columns, facts, wanted, found, is_kept=is_kept)


def _talk_rows(
    facts: LogFacts,
    wanted: dict[Key, int],
    stored: StoredRows,
) -> Rows[int]:
    """Return the talk time of all days of a user and a speaker, where it is not zero."""
    # A row that is there twice is a difference of `_day_rows`, and is added up once here.
    row_of = {(row.user_id, row.speaker, row.day): row for row in stored.days}
    talk_ms: Counter[Key] = Counter()
    for row in row_of.values():
        talk_ms[row.user_id, row.speaker] += row.talk_ms
    return Rows(
        "user_days",
        OF_VOICE,
        facts,
        wanted={key: ms for key, ms in wanted.items() if ms},
        stored=[(key, ms) for key, ms in talk_ms.items() if ms],
        of_many=True,
        is_kept=_has_any(facts.words_credited),
    )


def _voice_rows(
    facts: LogFacts, wanted: dict[Key, VoiceNumbers], stored: StoredRows
) -> Rows[VoiceNumbers]:
    found: list[tuple[Key, VoiceNumbers]] = []
    for row in stored.voices:
        if _has_anything(row):
            key = (row.user_id, row.speaker)
            found.append((key, row.numbers()))
    is_kept = _has_any(facts.voice_credited)
    return Rows("user_voices", OF_VOICE, facts, wanted, found, is_kept=is_kept)


def _has_any(events: Container[Whose]) -> Callable[[Key], bool]:
    """Whether one of the events is of the user and the speaker of a key."""
    return lambda key: key[:2] in events


def _has_anything(row: VoiceRow) -> bool:
    """Whether the user has the speaker still. A released one leaves an empty row."""
    return bool(row.time_zone or row.words or row.talk_ms)


def _claim_rows(facts: LogFacts, stored: StoredRows) -> Rows[Claimed]:
    wanted: dict[Key, Claimed] = {}
    for speaker, claim in facts.claims.items():
        wanted[speaker,] = _claimed(claim)
    found: list[tuple[Key, Claimed]] = []
    for row in stored.claims:
        claimed = (row.kind, row.user_id, row.guest_name)
        found.append(((row.speaker,), claimed))
    return Rows("claims", ("speaker",), facts, wanted, found)


def _claimed(claim: Claim) -> Claimed:
    match claim:
        case SpeakerClaimed():
            return claim.kind, claim.user_id or "", claim.guest_name or ""
        case SpeakerTagged():
            return "tag", claim.user_id, ""
        case SpeakerReleased():
            return "", "", ""
