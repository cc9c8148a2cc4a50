"""A claim holds whatever opens a new generation, also one that is made meanwhile.

Folds and `cluster` are the product's own; the models say at will whose voice is whose.
"""

from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from adapters.objects.lexicons import Lexicons
from consumers.cluster.step import Cluster
from consumers.runtime.outcome import Step
from consumers.voices.clustering import Clustered
from schemas import topics
from schemas.claim_events import ClaimKind, ClaimRequested, SpeakerClaimed, SpeakerReleased
from schemas.codec import document
from schemas.limits import HOUR_MS
from schemas.objects import Turns
from schemas.session_events import SessionCompleted, SessionReady, Tick
from schemas.session_requests import (
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
)
from schemas.speech_events import SpeakersIdentified
from tests.clustered_talk import Scripted, by_slot, clustered
from tests.guide.memory_stack import LEXICON, NOW_MS, clock
from tests.guide.phone import OWNER
from tests.recorded_stack import ANN, S1, S2, Recording

FLAT = {"a": (1.0, 0.0), "b": (0.0, 1.0), "c": (-1.0, 0.0)}
"""As long as the embeddings of the scripted voices."""
TWO = clustered("a" * 30 + "b" * 30, FLAT)
JOINED = clustered("a" * 90, FLAT)
CHANGED = clustered("b" * 30 + "a" * 60, FLAT)
PARTED = clustered("a" * 10 + "b" * 20 + "c" * 60, FLAT)


class Clustering(Recording):
    """A recording with the step `cluster`, whose clusterings are told to it."""

    def __init__(self) -> None:
        self.clustering = Scripted()
        super().__init__()
        self.clustering.says = TWO
        self.phone.start()
        self.phone.chunk(0)
        self.phone.chunk(1)
        self.phone.stop(2)

    def _consumers(self) -> list[Step]:
        cluster = Cluster(self.blobs, clock, self.clustering)
        return [cluster if step.name == cluster.name else step for step in super()._consumers()]

    def lose_answers(self) -> None:
        """Those that were kept back never come."""
        self.wait()
        self._waiting = []


def late_chunk(on: Clustering) -> None:
    on.phone.chunk(2)


def recount(on: Clustering) -> None:
    newer = msgspec.json.encode(replace(LEXICON, version="another"))
    on.ask(RecountRequested, lexicon=Lexicons(on.blobs).put(newer).version)


def replay(on: Clustering) -> None:
    on.ask(ReplayRequested, window=1)


def same_number(on: Clustering) -> None:
    on.ask(HintRequested, by=OWNER, speakers=2)


def merge_of_a_third(on: Clustering) -> None:
    """The new voice is merged into a claimed one. Before, a late chunk brings it."""
    late_chunk(on)
    third = on.said(SpeakersIdentified)[-1].speakers[-1].label
    on.ask(MergeRequested, by=OWNER, target=S1, source=third)


def retry(on: Clustering) -> None:
    """The answer about a late chunk is lost, and asked for again."""
    on.wait(topics.IDENTIFIED)
    late_chunk(on)
    on.lose_answers()
    much_later = NOW_MS + HOUR_MS
    on.ask(Tick, now_ms=much_later, handled_until_ms=much_later)


def claim(on: Clustering) -> None:
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF)
    on.ask(ClaimRequested, speaker=S2, by=ANN, kind=ClaimKind.SELF)


def holders(on: Clustering) -> dict[str, str | None]:
    """The users who have the voices in the end."""
    found: dict[str, str | None] = {}
    for event in on.said(SpeakerClaimed):
        found[event.speaker] = event.user_id
    for released in on.said(SpeakerReleased):
        found[released.speaker] = None
    return found


def shown(on: Clustering) -> tuple[str, ...]:
    """The speakers of the generation that people see."""
    ready = [(event.generation, event.speakers) for event in on.said(SessionReady)]
    completed = [(event.generation, event.speakers) for event in on.said(SessionCompleted)]
    _, speakers = max(ready + completed)
    return speakers


def speech(on: Clustering) -> set[tuple[str, int]]:
    """The speaker of each second of the first minute."""
    newest = on.said(SpeakersIdentified)[-1]
    turns = document(on.blobs.get(newest.turns), Turns)
    return {(one, slot) for slot, one in by_slot(turns).items() if slot < 60}


SPEECH = {(S1, slot) for slot in range(30)} | {(S2, slot) for slot in range(30, 60)}
CAUSES = (late_chunk, recount, replay, same_number, merge_of_a_third, retry)


@pytest.mark.parametrize("says", [JOINED, CHANGED, PARTED], ids=["joined", "changed", "parted"])
@pytest.mark.parametrize("cause", CAUSES)
def test_claimed_voices_stay(cause: Callable[[Clustering], None], says: Clustered) -> None:
    on = Clustering()
    claim(on)
    on.clustering.says = says
    cause(on)
    assert holders(on) == {S1: OWNER, S2: ANN}
    assert {S1, S2} <= set(shown(on))
    assert speech(on) == SPEECH
    assert not on.dead_letters


def test_a_claim_beside_a_new_generation_gives_the_same_as_one_before_it() -> None:
    before = Clustering()
    claim(before)
    before.clustering.says = JOINED
    late_chunk(before)
    beside = Clustering()
    beside.clustering.says = JOINED
    beside.wait(topics.IDENTIFIED)
    late_chunk(beside)
    claim(beside)
    beside.go_on()
    assert holders(beside) == holders(before) == {S1: OWNER, S2: ANN}
    assert shown(beside) == shown(before)
    assert speech(beside) == speech(before) == SPEECH
