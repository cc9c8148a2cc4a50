"""Words and voices are joined by the sealed generation, in whatever order they arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.event import Event
from schemas.ids import EventId, SpeakerLabel
from schemas.session_events import (
    Constraint,
    ConstraintKind,
    SessionErased,
    SessionSealed,
    SpeakersConstrained,
    TextExpired,
)
from schemas.speech_events import SpeakersIdentified, WindowTranscribed, WindowVoiced
from streams.attribution.state import AttributeWindow, CompleteVoices, Order
from streams.store import Store
from tests.attributing import SEALED, SESSION, orders_after, pointer

REVISIONS = SEALED.windows


def sealed(generation: int) -> SessionSealed:
    return replace(SEALED, generation=generation, event_id="")


Kind = type[WindowVoiced] | type[WindowTranscribed]


def result(kind: Kind, window: int, revision: int) -> WindowVoiced | WindowTranscribed:
    return kind(
        occurred_at_ms=1,
        session_id=SESSION,
        window=window,
        revision=revision,
        result=pointer(f"{kind.__name__} {window} {revision}"),
        failed=None,
        missing=(),
        model="m",
        work_ms=1,
    )


def identified(generation: int = 1) -> SpeakersIdentified:
    return SpeakersIdentified(
        occurred_at_ms=1,
        session_id=SESSION,
        generation=generation,
        turns=pointer(f"turns {generation}"),
        speakers=(),
    )


def results_of(kind: Kind) -> list[Event]:
    found: list[Event] = []
    for window, last in enumerate(REVISIONS):
        found += [result(kind, window, revision) for revision in range(1, last + 1)]
    return found


VOICES = results_of(WindowVoiced)
WORDS = results_of(WindowTranscribed)


def orders_of(events: list[Event]) -> list[Order]:
    table: dict[str, bytes] = {}
    orders: list[Order] = []
    for event in events:
        store = Store(table.get)
        orders += orders_after(store, event)
        store.write_to(table)
    return orders


def completed(orders: list[Order]) -> list[CompleteVoices]:
    return [order for order in orders if isinstance(order, CompleteVoices)]


def attributed(orders: list[Order]) -> dict[int, AttributeWindow]:
    return {order.window: order for order in orders if isinstance(order, AttributeWindow)}


WANTED_VOICES = tuple(pointer(f"WindowVoiced {n} {r}") for n, r in enumerate(REVISIONS))
WANTED_WORDS = {n: pointer(f"WindowTranscribed {n} {r}") for n, r in enumerate(REVISIONS)}


@given(st.permutations([SEALED, *VOICES, *WORDS]), st.data())
def test_any_order_gives_the_voices_and_words_of_the_sealed_revisions(
    events: list[Event], data: st.DataObject
) -> None:
    repeats = data.draw(st.lists(st.sampled_from([SEALED, *VOICES, *WORDS]), max_size=5))
    orders = orders_of([*events, *repeats])
    assert {order.voices for order in completed(orders)} == {WANTED_VOICES}
    assert attributed(orders) == {}

    orders = orders_of([*events, *repeats, identified()])
    assert {n: order.words for n, order in attributed(orders).items()} == WANTED_WORDS


@given(st.permutations([*WORDS, identified()]))
def test_words_may_come_before_and_after_the_speakers(events: list[Event]) -> None:
    orders = orders_of([SEALED, *VOICES, *events])
    assert {n: order.words for n, order in attributed(orders).items()} == WANTED_WORDS
    assert {order.turns for order in attributed(orders).values()} == {pointer("turns 1")}
    before = {n: WANTED_WORDS.get(n - 1) for n in WANTED_WORDS}
    after = {n: WANTED_WORDS.get(n + 1) for n in WANTED_WORDS}
    assert {n: order.before for n, order in attributed(orders).items()} == before
    assert {n: order.after for n, order in attributed(orders).items()} == after
    windows = [order.window for order in orders if isinstance(order, AttributeWindow)]
    assert sorted(windows) == list(WANTED_WORDS)  # each once: nothing final is said twice


def test_nothing_is_clustered_before_every_window_has_voices() -> None:
    for missing in (0, 1, 3):
        voices = [*VOICES[:missing], *VOICES[missing + 1 :]]
        wanted = missing == 1  # the older revision of window 1 is not needed
        assert bool(completed(orders_of([SEALED, *voices]))) is wanted


def test_a_new_generation_waits_for_its_own_speakers() -> None:
    first = [SEALED, *VOICES, *WORDS, identified()]
    orders = orders_of([*first, sealed(2)])[len(orders_of(first)) :]
    assert [order.former for order in completed(orders)] == [pointer("turns 1")]
    assert attributed(orders) == {}
    late = orders_of([*first, sealed(2), identified(1)])
    assert len(late) == len(orders_of([*first, sealed(2)]))
    both = orders_of([*first, sealed(2), identified(2)])
    assert {order.turns for order in attributed(both).values()} == {pointer("turns 2")}


def test_an_older_generation_changes_nothing() -> None:
    before = [sealed(2), *VOICES]
    assert orders_of([*before, SEALED]) == orders_of(before)


def test_constraints_are_those_of_the_generation() -> None:
    split = Constraint(kind=ConstraintKind.SPLIT, speaker=SpeakerLabel("S1"))
    constrained = SpeakersConstrained(
        occurred_at_ms=1, session_id=SESSION, generation=2, constraints=(split,)
    )
    events: list[Event] = [*VOICES, SEALED, constrained, sealed(2)]
    orders = completed(orders_of(events))
    assert [order.constraints for order in orders] == [(), (split,)]
    late = replace(constrained, generation=1, event_id="")
    assert completed(orders_of([*events, late])) == orders  # before, another one without any


@pytest.mark.parametrize(
    "end",
    [
        SessionErased(
            occurred_at_ms=1,
            session_id=SESSION,
            request_id="e",
            recorded_at_ms=0,
            audio_ms=1,
            caused_by=EventId("e"),
        ),
        TextExpired(occurred_at_ms=1, session_id=SESSION),
    ],
)
def test_nothing_is_ordered_for_a_session_that_is_closed(end: Event) -> None:
    assert orders_of([end, SEALED, *VOICES, *WORDS, identified()]) == []


def test_speakers_that_are_read_before_the_seal_wait_for_it() -> None:
    orders = orders_of([identified(), *WORDS, *VOICES, SEALED])
    assert {n: order.words for n, order in attributed(orders).items()} == WANTED_WORDS
    assert completed(orders) == []  # it is answered already


def test_voices_of_a_newer_revision_do_not_complete_the_generation_before_it() -> None:
    newer = result(WindowVoiced, 0, 2)
    orders = orders_of([SEALED, *VOICES[:-1], newer, VOICES[-1]])
    assert completed(orders) == []


def test_nothing_of_a_window_is_kept_for_a_session_that_is_closed() -> None:
    table: dict[str, bytes] = {}
    expired = TextExpired(occurred_at_ms=1, session_id=SESSION)
    for event in [*VOICES, *WORDS, SEALED, expired]:
        store = Store(table.get)
        orders_after(store, event)
        store.write_to(table)
    assert list(table) == [SESSION]
