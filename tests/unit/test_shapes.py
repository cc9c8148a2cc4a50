"""Every fold announces what became different: nothing for equal states, whatever the event was."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.objects.lexicons import Lexicons
from schemas import stages
from schemas.stage_names import StageName
from streams.fold import Shape
from streams.groups import fold as groups
from streams.store import Store
from streams.tally import effects as tally
from streams.users import fold as users
from tests.guide.memory_stack import LEXICON
from tests.recorded_sessions import RECORDINGS, Recording

SHAPES: dict[StageName, Callable[[Recording], Shape[Any, Any]]] = {
    StageName.TALLY: lambda on: tally.shape(
        on.store(), tally.Counters(Lexicons(on.store()), LEXICON)
    ),
    StageName.GROUPS: lambda _: groups.SHAPE,
    StageName.USERS: lambda _: users.SHAPE,
}
READS = {fold.name: fold.reads for fold in stages.FOLDS}


@pytest.mark.parametrize("name", SHAPES)
def test_equal_states_announce_nothing(name: StageName) -> None:
    announced = 0
    for record in RECORDINGS:
        table: dict[str, bytes] = {}
        on = record()
        shape = SHAPES[name](on)
        for _, event in on.read_by(READS[name]):
            store = Store(table.get)
            before = shape.load(store, event)
            after = shape.decide(before, event, shape.fetch(before, event))
            assert shape.announce(before, before, event) == []
            assert shape.announce(after, after, event) == []
            announced += len(shape.announce(before, after, event))
            shape.save(store, before, after)
            store.write_to(table)
    assert announced > 0
