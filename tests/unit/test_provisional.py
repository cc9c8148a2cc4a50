"""Provisional answers are requested one at a time, and end when the session is sealed."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from consumers.cluster.provisional_turns import continued
from consumers.cluster.turns import summarise
from schemas.event import Event
from schemas.ids import SpeakerLabel
from schemas.objects import Turns, Voiceprint
from schemas.speech_events import ProvisionalSpeakersIdentified, WindowTranscribed, WindowVoiced
from streams.attribution.provisional import PROVISIONAL_WINDOWS
from streams.attribution.state import AttributeProvisionalWindow, CompleteProvisionalVoices, Order
from streams.store import Store
from tests.attributing import SEALED as SEALED_OF_THREE
from tests.attributing import SESSION, orders_after, pointer
from tests.talk import Span, turns_of

SEALED = replace(SEALED_OF_THREE, windows=(1, 1), total_ms=30_000, event_id="")


def result(kind: type[WindowVoiced] | type[WindowTranscribed], window: int) -> Event:
    return kind(
        occurred_at_ms=1,
        session_id=SESSION,
        window=window,
        revision=1,
        result=pointer(f"{kind.__name__}-{window}"),
        failed=None,
        missing=(),
        model="m",
        work_ms=1,
    )


def answer(order: CompleteProvisionalVoices) -> ProvisionalSpeakersIdentified:
    name = f"turns-{order.through}"
    return ProvisionalSpeakersIdentified(
        occurred_at_ms=1,
        session_id=SESSION,
        turns=pointer(name),
        speakers=(),
        through=order.through,
    )


class Session:
    """The fold and what it ordered."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}
        self.requests: list[CompleteProvisionalVoices] = []
        self.windows: list[AttributeProvisionalWindow] = []

    def tell(self, event: Event) -> list[Order]:
        store = Store(self._held.get)
        orders = orders_after(store, event)
        store.write_to(self._held)
        self.requests += [o for o in orders if isinstance(o, CompleteProvisionalVoices)]
        self.windows += [o for o in orders if isinstance(o, AttributeProvisionalWindow)]
        return orders


@given(
    st.permutations(
        [
            (kind, window)
            for window in range(PROVISIONAL_WINDOWS + 4)
            for kind in (WindowVoiced, WindowTranscribed)
        ]
    ),
    st.integers(0, 3),
)
def test_every_window_is_shown_whatever_comes_first(
    arrivals: list[tuple[type[WindowVoiced], int]], slow: int
) -> None:
    session = Session()
    answered = 0
    for number, (kind, window) in enumerate(arrivals):
        session.tell(result(kind, window))
        if number % (slow + 1) == 0 and answered < len(session.requests):
            session.tell(answer(session.requests[answered]))
            answered += 1
    while answered < len(session.requests):
        session.tell(answer(session.requests[answered]))
        answered += 1
    assert session.requests[-1].through == PROVISIONAL_WINDOWS + 4
    assert {d.window for d in session.windows} >= set(range(4, PROVISIONAL_WINDOWS + 4))
    assert all(
        len(s.voices) == s.through - s.first <= PROVISIONAL_WINDOWS for s in session.requests
    )


def test_the_next_answer_knows_the_one_before() -> None:
    session = Session()
    session.tell(result(WindowVoiced, 0))
    session.tell(result(WindowVoiced, 1))
    assert [s.through for s in session.requests] == [1]
    session.tell(answer(session.requests[0]))
    assert [(s.through, s.former) for s in session.requests] == [(1, None), (2, pointer("turns-1"))]


def test_an_answer_that_never_comes_does_not_end_them() -> None:
    session = Session()
    for window in range(3):
        session.tell(result(WindowVoiced, window))
    assert [s.through for s in session.requests] == [1, 3]


def test_nothing_is_provisional_once_the_session_is_sealed() -> None:
    session = Session()
    session.tell(result(WindowVoiced, 0))
    session.tell(SEALED)
    assert session.tell(answer(session.requests[0])) == []
    assert session.tell(result(WindowTranscribed, 0)) == []


def turns(spans: list[Span], labels: set[str]) -> Turns:
    found = turns_of(*spans)
    return Turns(
        turns=found,
        exclusive=found,
        voiceprints=tuple(
            Voiceprint(label=SpeakerLabel(w), centroid=(1.0,)) for w in sorted(labels)
        ),
        next_label=4,
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(["S1", "S2", "S3"]), st.integers(1, 9_000)),
        min_size=1,
        max_size=40,
    ),
    st.integers(1, 5),
)
def test_talk_so_far_is_the_talk_of_all_windows(said: list[tuple[str, int]], span: int) -> None:
    window = 4_000
    at = 0
    spans = list[tuple[str, int, int]]()
    for who, length in said:
        spans.append((who, at, at + length))
        at += length
    former: Turns | None = None
    for through in range(1, at // window + 1):
        start = max(0, through - span) * window
        end = through * window
        inside = [
            (w, max(a, start) - start, min(b, end) - start)
            for w, a, b in spans
            if a < end and b > start
        ]
        former = continued(turns(inside, {w for w, _, _ in inside}), former, start)
        talk = {s.label: s.talk_ms for s in summarise(former, {})}
        wanted = {
            w: sum(min(b, end) - a for who, a, b in spans if who == w and a < end)
            for w in ("S1", "S2", "S3")
        }
        assert talk == {w: ms for w, ms in wanted.items() if ms}
