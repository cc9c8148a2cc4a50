"""Two hundred people, twenty groups, a year of evenings. Pure.

The same seed and day give the same year.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from deploy.seeding.names import COMMON, FIRST_NAMES, LAST_NAMES, TABLES
from deploy.uuid7 import RANDOM_BITS, uuid7
from schemas.days import unix_ms_of
from schemas.ids import SessionId, SpeakerLabel, UserId, derived_id

SEED = 56
PEOPLE = 200
GROUPS = 20
ZONE = "Asia/Singapore"
WORDS_A_MINUTE = 150
MEETS = 0.9
"""How likely a group meets in a week."""
GUEST = 0.15
"""How likely somebody without an account is there."""
SPEECH = 0.85
"""Share of an evening with speech."""
ON_BOARD = 0.6
"""How likely somebody is on the board."""
LOVED_WORDS = 4
LOVE = 6.0
"""How much likelier a person says a word that they love."""
BURST = 0.33
"""How likely a word comes close after another one."""


@dataclass(frozen=True)
class Person:
    """One person. `rate` is counted words per 1,000 spoken; `taste` has a weight for each word."""

    user_id: UserId
    name: str
    rate: float
    taste: dict[str, float]
    on_board: bool


@dataclass(frozen=True)
class Table:
    """A group: who is in it (the first owns it), and on which weekday it meets."""

    group_id: str
    name: str
    members: tuple[Person, ...]
    weekday: int


@dataclass(frozen=True)
class SaidWord:
    """A counted word, so many milliseconds after the session began."""

    speaker: SpeakerLabel
    word: str
    at_ms: int


@dataclass(frozen=True)
class Talk:
    """One evening. `voices`: speaker -> who it is (None: a guest)."""

    session_id: SessionId
    group_id: str
    start_ms: int
    length_ms: int
    voices: dict[SpeakerLabel, Person | None]
    talk_ms: dict[SpeakerLabel, int]
    spoken: dict[SpeakerLabel, int]
    said: tuple[SaidWord, ...]


def tables(words: Sequence[str], seed: int = SEED) -> tuple[Table, ...]:
    """Return the groups with their people, who say `words`. The first person is the demo's user."""
    most_common_first = [word for word in COMMON if word in words]
    most_common_first += [word for word in words if word not in COMMON]
    dice = random.Random(seed)  # noqa: S311 - made-up people, not secrets
    people = [_person(dice, number, most_common_first) for number in range(PEOPLE)]
    groups = [_table(dice, number, people, seed) for number in range(GROUPS)]
    return tuple(groups)


def _table(dice: random.Random, number: int, people: Sequence[Person], seed: int) -> Table:
    size = PEOPLE // GROUPS
    first = number * size
    return Table(
        group_id=str(derived_id("SeededGroup", seed, number)),
        name=TABLES[number],
        members=tuple(people[first : first + size]),
        weekday=dice.randrange(7),
    )


def _person(dice: random.Random, number: int, most_common_first: Sequence[str]) -> Person:
    taste = _taste(dice, most_common_first)
    last, first = divmod(number, len(FIRST_NAMES))
    is_demo_user = number == 0
    return Person(
        user_id=UserId("demo-owner" if is_demo_user else f"person-{number:03d}"),
        name=f"{FIRST_NAMES[first]} {LAST_NAMES[last]}",
        rate=dice.lognormvariate(2.6, 0.5),
        taste=taste,
        on_board=is_demo_user or dice.random() < ON_BOARD,
    )


def _taste(dice: random.Random, most_common_first: Sequence[str]) -> dict[str, float]:
    """Return a weight for each word, by Zipf's law. A few words are loved more than others are."""
    loved = dice.sample(range(len(most_common_first)), LOVED_WORDS)
    taste: dict[str, float] = {}
    for place, word in enumerate(most_common_first):
        love = LOVE if place in loved else 1.0
        taste[word] = love * dice.uniform(0.3, 1.7) / (place + 2)
    return taste


def talks(found: Sequence[Table], today: date, seed: int = SEED) -> Iterator[Talk]:
    """Every evening of every group in the year up to yesterday, in order of groups and days."""
    for number, table in enumerate(found):
        dice = random.Random(f"{seed}-{number}-{today.isoformat()}")  # noqa: S311
        day = today - timedelta(days=365)
        while day < today:
            if day.weekday() == table.weekday and dice.random() < MEETS:
                yield _talk(dice, table, day)
            day += timedelta(days=1)


def _talk(dice: random.Random, table: Table, day: date) -> Talk:
    # The order of the throws is part of the seed: another order makes another year.
    start_ms = _start_ms(dice, day)
    length_ms = dice.randint(30, 150) * 60_000
    voices = _voices(dice, table)
    talk_ms = _talk_ms(dice, list(voices), length_ms)
    spoken = {voice: talk_ms[voice] * WORDS_A_MINUTE // 60_000 for voice in voices}
    said: list[SaidWord] = []
    for voice, person in voices.items():
        said += _said(dice, voice, person, spoken[voice], length_ms)
    return Talk(
        session_id=SessionId(str(uuid7(start_ms, dice.getrandbits(RANDOM_BITS)))),
        group_id=table.group_id,
        start_ms=start_ms,
        length_ms=length_ms,
        voices=voices,
        talk_ms=talk_ms,
        spoken=spoken,
        said=tuple(sorted(said, key=attrgetter("at_ms"))),
    )


def _start_ms(dice: random.Random, day: date) -> int:
    """Return an evening's hour of `day`, in Unix milliseconds."""
    at = time(dice.randint(18, 21), dice.randrange(60))
    start = datetime.combine(day, at, ZoneInfo(ZONE))
    return unix_ms_of(start)


def _voices(dice: random.Random, table: Table) -> dict[SpeakerLabel, Person | None]:
    number = dice.randint(3, 7)
    people: list[Person | None] = list(dice.sample(table.members, number))
    if dice.random() < GUEST:
        people.append(None)
    return {SpeakerLabel(f"S{n}"): person for n, person in enumerate(people, start=1)}


def _talk_ms(
    dice: random.Random, voices: Sequence[SpeakerLabel], length_ms: int
) -> dict[SpeakerLabel, int]:
    """Return how long each voice talks, in milliseconds: together a share of the evening."""
    shares = {voice: dice.uniform(0.3, 1.0) for voice in voices}
    whole_share_ms = length_ms * SPEECH / sum(shares.values())
    return {voice: round(share * whole_share_ms) for voice, share in shares.items()}


def _said(
    dice: random.Random, voice: SpeakerLabel, person: Person | None, spoken: int, length_ms: int
) -> list[SaidWord]:
    """Return the counted words of a voice, in no order. A guest has none."""
    if person is None:
        return []
    usual_count = spoken * person.rate / 1000
    count = round(usual_count * dice.uniform(0.6, 1.4))
    words = dice.choices(list(person.taste), list(person.taste.values()), k=count)
    moments: list[int] = []
    for _ in words:
        moment = _moment_ms(dice, moments, length_ms)
        moments.append(moment)
    return [SaidWord(voice, word, at_ms) for word, at_ms in zip(words, moments, strict=True)]


def _moment_ms(dice: random.Random, former_ms: Sequence[int], length_ms: int) -> int:
    """Return when a word is said. People laugh in bursts: it may be soon after a former one."""
    if former_ms and dice.random() < BURST:
        soon_after = dice.choice(former_ms) + dice.randint(500, 8_000)
        return min(soon_after, length_ms - 1)
    return dice.randrange(length_ms)
