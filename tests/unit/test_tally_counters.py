"""A worker counts by many lexicons, and keeps some of them in memory."""

import gc
from weakref import ref

import msgspec
import pytest
from msgspec.structs import replace

from adapters.objects.lexicons import Lexicons, shipped_lexicon
from streams.tally import effects
from tests.memory_blob_store import MemoryBlobStore

LEXICON = shipped_lexicon()
KEPT = 3


@pytest.fixture
def counters(monkeypatch: pytest.MonkeyPatch) -> effects.Counters:
    """Of a store with the lexicons of more groups than are kept."""
    monkeypatch.setattr(effects, "KEPT", KEPT, raising=False)
    lexicons = Lexicons(MemoryBlobStore())
    for number in range(3 * KEPT):
        lexicons.put(msgspec.json.encode(replace(LEXICON, version=f"group-{number}")))
    return effects.Counters(lexicons, LEXICON)


def test_counters_of_lexicons_that_nobody_used_lately_leave(counters: effects.Counters) -> None:
    """Before, each version that any group ever counted by was kept: 0.2 MB each."""
    versions = [f"group-{number}" for number in range(3 * KEPT)]
    made = [ref(counters.of(version)) for version in versions]
    gc.collect()
    kept = [counter.version for one in made if (counter := one()) is not None]
    assert kept == versions[-KEPT:]


def test_the_counter_of_the_worker_itself_stays(counters: effects.Counters) -> None:
    own = counters.of(LEXICON.version)
    for number in range(2 * KEPT):
        counters.of(f"group-{number}")
    assert counters.of(LEXICON.version) is own
