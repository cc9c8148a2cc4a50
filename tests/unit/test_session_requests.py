"""Recounts and hints: which generations they open."""

import pytest
from msgspec.structs import replace

from schemas.event import Event
from schemas.rejections import Rejected
from schemas.session_events import (
    RequestAccepted,
    RequestRejected,
    SessionReady,
    SessionSealed,
)
from schemas.speech_events import WindowReady
from tests.session_history import (
    ENDED,
    HINT,
    OWNER,
    RECORDED,
    STARTED,
    chunk,
    concluded,
    identified,
    recount,
    run,
    seals_of,
    silent,
    totalled,
)
from tests.unit.test_corrections import again, hint, split, undo
from tests.unit.test_merging import ANN, READY, S1, S2, claimed, merge, released

OF_ONE = [*READY, claimed(S1, OWNER, OWNER)]
REFUSED: dict[str, tuple[list[Event], Event, list[Event]]] = {
    "merge": (RECORDED, merge(OWNER, S1, S2), again(1, "S1", "S2")),
    "hint": (OF_ONE, hint(ANN, 5), [released(S1)]),
    "split": (OF_ONE, split(ANN, S1), [released(S1)]),
    "undo": (
        [*READY, merge(OWNER, S1, S2), *again(2, "S1")],
        undo(ANN, 1),
        [claimed(S1, ANN, ANN)],
    ),
}
"""Events, a request that is refused then, and events after which it would not be."""


def test_a_recount_opens_a_generation_and_hears_nothing_again() -> None:
    done: list[Event] = [STARTED, *map(chunk, range(4)), ENDED]
    assert seals_of([*done, recount("2", "x"), recount("2", "x"), recount("2", "y")]) == [
        (1, "sealed", "1"),
        (2, "recount", "2"),
    ]
    assert seals_of([*done, recount("2", "x"), recount("1", "y")])[-1] == (3, "recount", "1")
    windows = [sent for sent in run([*done, recount("2", "x")]) if isinstance(sent, WindowReady)]
    assert len(windows) == len({(w.window, w.revision) for w in windows}) == 6


def test_a_recount_before_the_end_is_the_lexicon_of_the_first_generation() -> None:
    assert seals_of([STARTED, recount("2", "x"), *map(chunk, range(4)), ENDED]) == [
        (1, "sealed", "2")
    ]


def test_hints_in_a_row_open_one_generation_for_the_latest_of_them() -> None:
    """Before, each opened a generation, and all sixty were clustered."""
    hints = [replace(HINT, request_id=f"{n}", speakers=2 + n % 5, event_id="") for n in range(60)]
    during = [*RECORDED, *hints]
    out = run(during)
    assert [sent.generation for sent in out if isinstance(sent, SessionSealed)] == [1]
    accepted = [sent.generation for sent in out if isinstance(sent, RequestAccepted)]
    assert accepted == list(range(2, 62))
    ended = run([*during, identified(1, "S1"), silent(1), totalled(1)])
    seals = [sent for sent in ended if isinstance(sent, SessionSealed)]
    assert [(seal.generation, seal.cause, seal.hint) for seal in seals] == [
        (1, "sealed", None),
        (61, "hint", hints[-1].speakers),
    ]
    assert not [sent for sent in ended if isinstance(sent, SessionReady)]
    both = [
        identified(1, "S1"),
        silent(1),
        totalled(1),
        identified(61, "S1", "S2"),
        silent(61),
        totalled(61),
    ]
    assert concluded([*during, *both]) == [(SessionReady, ("S1", "S2"))]


def test_hints_to_a_session_that_is_ready_open_two_generations_at_most() -> None:
    hints = [replace(HINT, request_id=f"{n}", event_id="") for n in range(60)]
    ready = [*RECORDED, identified(1, "S1"), silent(1), totalled(1)]
    out = run(
        [
            *ready,
            *hints,
            identified(2, "S1"),
            silent(2),
            totalled(2),
            identified(61, "S2"),
            silent(61),
            totalled(61),
        ]
    )
    assert [sent.generation for sent in out if isinstance(sent, SessionSealed)] == [1, 2, 61]


def test_a_request_about_a_session_that_nobody_started_is_rejected_whatever_came_before() -> None:
    with pytest.raises(Rejected, match="unknown_session"):
        run([silent(1), HINT])


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_refused_request_stays_refused_when_it_is_repeated(
    case: tuple[list[Event], Event, list[Event]],
) -> None:
    """Before, it took effect after its author had read that it had none."""
    before, request, later = case
    first, again_refused = answers_to(request, [*before, request, *later, request])
    assert isinstance(first, RequestRejected)
    assert again_refused == first
    (new,) = answers_to(request, [*before, *later, request])
    assert isinstance(new, RequestAccepted)


def answers_to(request: Event, events: list[Event]) -> list[Event]:
    found = [sent for sent in run(events) if isinstance(sent, RequestAccepted | RequestRejected)]
    return [sent for sent in found if sent.request_id == getattr(request, "request_id", None)]
