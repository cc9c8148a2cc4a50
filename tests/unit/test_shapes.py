"""Every fold announces what became different: nothing for equal states, whatever the event was."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from adapters.objects.lexicons import Lexicons
from adapters.process.retry import TransientError
from adapters.settings import Settings
from schemas import stages, topics
from schemas.event import Event
from schemas.object_kinds import ATTRIBUTED_WORDS, MANIFEST
from schemas.stage_names import StageName
from streams.attribution import effects as attribution
from streams.credits import fold as credits_fold
from streams.fold import Outputs, Shape
from streams.groups import fold as groups
from streams.main import rules_of
from streams.sessions import fold as sessions
from streams.store import Store
from streams.tally import effects as tally
from streams.users import fold as users
from tests.guide.memory_stack import LEXICON, clock
from tests.lossy_stack import Losses, Lossy
from tests.recorded_sessions import RECORDINGS, made_once, recording
from tests.recorded_stack import Recording

WINDOW_MS = Settings().window_ms
SHAPES: dict[StageName, Callable[[Recording], Shape[Any, Any, Any]]] = {
    StageName.SESSIONS: lambda _: sessions.shape(rules_of(Settings(), LEXICON)),
    StageName.ATTRIBUTION: lambda on: attribution.shape(on.store(), clock, WINDOW_MS),
    StageName.TALLY: lambda on: tally.shape(
        on.store(), tally.Counters(Lexicons(on.store()), LEXICON)
    ),
    StageName.CREDITS: lambda _: credits_fold.SHAPE,
    StageName.GROUPS: lambda _: groups.SHAPE,
    StageName.USERS: lambda _: users.SHAPE,
}
READS = {fold.name: fold.reads for fold in stages.FOLDS}


def failed() -> Lossy:
    """A session of which things are lost for ever; it fails, and goes on when somebody asks."""
    on = Lossy(Losses(never=(MANIFEST,), missing=frozenset({1})))
    on.phone.start()
    on.phone.chunk(0)
    on.phone.stop(1)
    on.wait_until_final(10**10)
    on.recover()
    on.phone.chunk(1)
    return on


def given_up() -> Lossy:
    """Windows that nobody answers are missing audio."""
    on = Lossy(Losses(never=(topics.VOICED, ATTRIBUTED_WORDS)))
    on.phone.start()
    on.phone.chunk(0)
    on.phone.stop(1)
    on.wait_until_final(10**10)
    return on


@pytest.mark.parametrize("name", SHAPES)
def test_equal_states_announce_nothing(name: StageName) -> None:
    announced = 0
    for record in (*RECORDINGS, failed, given_up):
        table: dict[str, bytes] = {}
        on = made_once(record)
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


def test_an_event_is_decided_by_the_same_state_after_an_error() -> None:
    on = recording()
    shape = SHAPES[StageName.ATTRIBUTION](on)
    failed: list[Outputs] = []

    def publish(orders: list[Any]) -> Outputs:
        outputs = shape.publish(orders)
        if not failed:
            failed.append(outputs)
            raise TransientError("the object store is away")
        return outputs

    table: dict[str, bytes] = {}
    store = Store(table.get)
    voices = next(event for topic, event in on.log if topic is topics.VOICED)
    with pytest.raises(TransientError):
        replace(shape, publish=publish).run(store, voices)
    assert replace(shape, publish=publish).run(store, voices) == failed[0] != []


@pytest.mark.parametrize("name", SHAPES)
def test_an_event_that_changes_nothing_ends_with_its_decision(name: StageName) -> None:
    def decide(state: object, _event: Event, _inputs: object) -> object:
        return state

    def announce(_before: object, _after: object, event: Event) -> list[Any]:
        raise AssertionError(f"announced {type(event).__name__}")

    ended = 0
    for record in RECORDINGS:
        on = made_once(record)
        shape = replace(SHAPES[name](on), decide=decide, announce=announce)
        empty: dict[str, bytes] = {}
        store = Store(empty.get)
        for _, event in on.read_by(READS[name]):
            assert shape.run(store, event) == []
            ended += 1
        assert store.writes == {}
    assert ended > 0
