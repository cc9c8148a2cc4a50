"""Lives of sessions: what phones and people do with them, and what was wrong in the end."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from random import Random

from adapters.http.problems import HttpProblem
from adapters.table import Table
from producers.gateway.chunk_audio import ChunkAudio
from schemas.claim_events import (
    ClaimKind,
    ClaimRequested,
    ReleaseRequested,
    TagAnswered,
    TagRequested,
)
from schemas.fact_sheet import Topic
from schemas.limits import CHUNK_DURATION_MS, CHUNK_NUMBER, DAY_MS, HOUR_MS
from schemas.limits import CHUNKS as CHUNKS_OF_SESSION
from schemas.session_requests import (
    HintRequested,
    MergeRequested,
    ReplayRequested,
    SplitRequested,
)
from tests.fuzz.bounded import within
from tests.fuzz.hosted import RULES, Fuzzed, Hosted
from tests.guide.phone import OWNER
from tests.recorded_stack import ANN, S1, S2, Recording

PARTITIONS = 60_000
"""A session has one of its own: a table keeps partitions apart."""
SESSION_S = 20
CHUNKS = 3
Action = Callable[[Recording], object]
ACTIONS: Sequence[Action] = (
    lambda on: on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF),
    lambda on: on.ask(TagRequested, speaker=S2, by=OWNER, user_id=ANN),
    lambda on: on.ask(TagAnswered, speaker=S2, by=ANN),
    lambda on: on.ask(ReleaseRequested, speaker=S1, by=OWNER),
    lambda on: on.ask(HintRequested, by=OWNER, speakers=2),
    lambda on: on.ask(MergeRequested, by=OWNER, target=S1, source=S2),
    lambda on: on.ask(SplitRequested, by=OWNER, speaker=S1),
    lambda on: on.ask(ReplayRequested, window=1),
    lambda on: on.phone.chunk(CHUNKS),
    lambda on: on.phone.chunk(CHUNKS + 1),
)
"""Everything that people do with a session that is over."""


def lived(on: Fuzzed, random: Random) -> None:
    """A session from its start to its erasure; in between it must end."""
    on.phone.start()
    for seq in random.sample(range(CHUNKS), CHUNKS):
        on.phone.chunk(seq)
    on.phone.stop(CHUNKS)
    for act in random.sample(ACTIONS, 3):
        act(on)
    on.wait_until_final()
    on.calm()
    on.erase_all()


def wandered(on: Hosted, random: Random) -> None:
    """A phone and its people do anything that the edge lets them do, in any order."""
    on.phone.start()
    for _ in range(random.randint(1, 15)):
        random.choice(STEPS)(on, random)
    on.wait_until_final()
    on.erase_all()


def _chunk(on: Hosted, random: Random) -> None:
    start_ms = random.choice([0, 30_000, random.randrange(120_000), random.randrange(HOUR_MS)])
    duration_ms = random.choice([1, 250, 30_000, CHUNK_DURATION_MS.most])
    seq = random.choice([0, 1, 2, 3, CHUNK_NUMBER.most])
    with suppress(HttpProblem):  # other bytes have this number already
        on.phone.chunk_at(ChunkAudio(seq, start_ms, duration_ms, "audio/flac"), random.randbytes(1))


def _anything_else(on: Hosted, random: Random) -> None:
    with suppress(HttpProblem):
        random.choice(ACTIONS)(on)


def _time_passes(on: Hosted, random: Random) -> None:
    on.now_ms += random.choice([1_000, 60_000, RULES.idle_ms, DAY_MS])
    on.tick()


STEPS: Sequence[Callable[[Hosted, Random], object]] = (
    _chunk,
    _chunk,
    _chunk,
    _chunk,
    _time_passes,
    lambda on, random: on.phone.stop(random.choice([0, 1, 2, 3, CHUNKS_OF_SESSION.most])),
    lambda on, random: on.phone.start(),
    _anything_else,
    _anything_else,
)


def findings(on_disk: Mapping[str, Table], topic: Topic, first: int, events: int) -> dict[str, str]:
    """Faults with their seeds, after so many mutated messages of the topic, or some more."""
    found: dict[str, str] = {}
    mutated = 0
    for seed in count(first):
        if mutated >= events:
            break
        on = Fuzzed(on_disk, seed % PARTITIONS, topic, Random(f"{topic.name} {seed}"))
        _lived(on, partial(lived, on, Random(seed)))
        mutated += len(on.mutated)
        for defect in on.defects:
            found.setdefault(defect, f"seed {seed}")
    return found


def phones(on_disk: Mapping[str, Table], seeds: range) -> dict[str, str]:
    """The same for sessions of phones and people who do anything."""
    found: dict[str, str] = {}
    for seed in seeds:
        on = Hosted(on_disk, seed % PARTITIONS)
        _lived(on, partial(wandered, on, Random(seed)))
        for defect in on.defects:
            found.setdefault(defect, f"seed {seed}")
    return found


def _lived(on: Hosted, live: Callable[[], None]) -> None:
    with within(SESSION_S):
        try:
            live()
        except Exception as error:  # noqa: BLE001
            on.defects.append(f"dies of {error!r}")
