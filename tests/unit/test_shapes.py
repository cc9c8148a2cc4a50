"""Every fold announces what became different: nothing for equal states, whatever the event was."""

from typing import Any

import pytest

from schemas import stages
from schemas.stage_names import StageName
from streams.fold import Shape
from streams.groups import fold as groups
from streams.store import Store
from streams.users import fold as users
from tests.recorded_sessions import RECORDINGS

SHAPES: dict[StageName, Shape[Any, Any]] = {
    StageName.GROUPS: groups.SHAPE,
    StageName.USERS: users.SHAPE,
}
READS = {fold.name: fold.reads for fold in stages.FOLDS}


@pytest.mark.parametrize("name", SHAPES)
def test_equal_states_announce_nothing(name: StageName) -> None:
    shape = SHAPES[name]
    announced = 0
    for record in RECORDINGS:
        table: dict[str, bytes] = {}
        for _, event in record().read_by(READS[name]):
            store = Store(table.get)
            before = shape.load(store, event)
            after = shape.decide(before, event, shape.fetch(before, event))
            assert shape.announce(before, before, event) == []
            assert shape.announce(after, after, event) == []
            announced += len(shape.announce(before, after, event))
            shape.save(store, after)
            store.write_to(table)
    assert announced > 0
