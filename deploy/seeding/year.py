"""Two hundred people, twenty groups, a year of evenings. Pure.

The same seed and day give the same year.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deploy.uuid7 import RANDOM_BITS, uuid7
from schemas.ids import SessionId, SpeakerLabel, UserId, derived_id

SEED = 56
PEOPLE, GROUPS = 200, 20
ZONE = "Asia/Singapore"
FIRST_NAMES = (
    "Mei Ling",
    "Wei Jie",
    "Siti",
    "Kumar",
    "Xin Yi",
    "Jun Hao",
    "Aishah",
    "Ravi",
    "Hui Min",
    "Farid",
    "Priya",
    "Zhi Wei",
    "Nurul",
    "Daniel",
    "Shu Fen",
    "Arjun",
    "Rachel",
    "Hafiz",
    "Li Ting",
    "Marcus",
)
LAST_NAMES = (
    "Tan",
    "Lim",
    "Lee",
    "Ng",
    "Ong",
    "Wong",
    "Goh",
    "Chua",
    "Rahman",
    "Pillai",
)
TABLES = (
    "Friday makan",
    "Kopi after work",
    "Badminton kakis",
    "Secondary 4B",
    "Sunday prata",
    "Mahjong table",
    "Hall 9 block C",
    "Lunch gang",
    "Futsal five",
    "Hiking uncles",
    "Book club",
    "Night cycling",
    "Office pantry",
    "Cousins",
    "Board games",
    "Running aunties",
    "Army mates",
    "Choir",
    "Supper club",
    "Neighbours",
)
COMMON = (
    "lah",
    "lor",
    "can",
    "leh",
    "ah",
    "sia",
    "meh",
    "walao",
    "shiok",
    "makan",
    "sian",
    "paiseh",
    "alamak",
    "cannot",
    "kena",
    "bojio",
    "steady",
    "kiasu",
    "chope",
    "jialat",
)
"""Said most, in this order; the other words of the lexicon come after them."""
WORDS_A_MINUTE = 150
MEETS, GUEST = 0.9, 0.15
"""How likely a group meets in a week, and a table has somebody without an account."""


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
class Said:
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
    said: tuple[Said, ...]


def tables(words: Sequence[str], seed: int = SEED) -> tuple[Table, ...]:
    """Return the groups with their people, who say `words`. The first person is the demo's user."""
    words = [
        *(word for word in COMMON if word in words),
        *(word for word in words if word not in COMMON),
    ]
    dice = random.Random(seed)  # noqa: S311 - made-up people, not secrets
    people = [_person(dice, n, words) for n in range(PEOPLE)]
    size = PEOPLE // GROUPS
    return tuple(
        Table(
            str(derived_id("SeededGroup", seed, n)),
            TABLES[n],
            tuple(people[n * size : (n + 1) * size]),
            dice.randrange(7),
        )
        for n in range(GROUPS)
    )


def _person(dice: random.Random, n: int, words: Sequence[str]) -> Person:
    # Zipf over the words, and everybody loves a few of them more than others do.
    loved = dice.sample(range(len(words)), 4)
    taste = {
        word: (6.0 if k in loved else 1.0) * dice.uniform(0.3, 1.7) / (k + 2)
        for k, word in enumerate(words)
    }
    name = f"{FIRST_NAMES[n % len(FIRST_NAMES)]} {LAST_NAMES[n // len(FIRST_NAMES)]}"
    return Person(
        UserId("demo-owner" if n == 0 else f"person-{n:03d}"),
        name,
        dice.lognormvariate(2.6, 0.5),
        taste,
        n == 0 or dice.random() < 0.6,
    )


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
    start = datetime.combine(
        day, time(dice.randint(18, 21), dice.randrange(60)), ZoneInfo(ZONE)
    ).astimezone(UTC)
    start_ms, length_ms = int(start.timestamp() * 1000), dice.randint(30, 150) * 60_000
    people: list[Person | None] = list(dice.sample(table.members, dice.randint(3, 7)))
    people += [None] if dice.random() < GUEST else []
    voices = {SpeakerLabel(f"S{n}"): person for n, person in enumerate(people, start=1)}
    shares = {voice: dice.uniform(0.3, 1.0) for voice in voices}
    talk_ms = {
        voice: round(length_ms * 0.85 * share / sum(shares.values()))
        for voice, share in shares.items()
    }
    spoken = {voice: talk_ms[voice] * WORDS_A_MINUTE // 60_000 for voice in voices}
    said = sorted(
        (
            one
            for voice, person in voices.items()
            for one in _said(dice, voice, person, spoken[voice], length_ms)
        ),
        key=lambda one: one.at_ms,
    )
    return Talk(
        SessionId(str(uuid7(start_ms, dice.getrandbits(RANDOM_BITS)))),
        table.group_id,
        start_ms,
        length_ms,
        voices,
        talk_ms,
        spoken,
        tuple(said),
    )


def _said(
    dice: random.Random, voice: SpeakerLabel, person: Person | None, spoken: int, length_ms: int
) -> list[Said]:
    if person is None:
        return []
    count = max(0, round(spoken * person.rate / 1000 * dice.uniform(0.6, 1.4)))
    words = dice.choices(list(person.taste), list(person.taste.values()), k=count)
    # People laugh in bursts: a third of the words come close after another one.
    moments: list[int] = []
    for _ in words:
        near = moments and dice.random() < 0.33
        moments.append(
            min(length_ms - 1, dice.choice(moments) + dice.randint(500, 8_000))
            if near
            else dice.randrange(length_ms)
        )
    return [Said(voice, word, at) for word, at in zip(words, moments, strict=True)]
