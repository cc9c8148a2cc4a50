"""The state of a session in the attribution fold, and the orders that the fold gives."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from schemas.event import Event, Pointer, SessionEvent
from schemas.ids import SessionId
from schemas.ranges import Ranges
from schemas.session_events import Constraint, Seal, SpeakersConstrained
from schemas.speech_events import (
    ProvisionalSpeakersIdentified,
    SpeakersIdentified,
    WindowTranscribed,
)
from schemas.word_events import SliceAttributed
from streams.store import Store
from streams.view import View, view_of

SLICE = 60
"""Windows of a generation whose words are attributed for one event: twenty minutes of 20 s.

Each is an object to read and one to write, and meanwhile all other sessions of the worker wait.
"""


class StageResult(msgspec.Struct, frozen=True, kw_only=True):
    """The newest result of one window from one stage. The first one of a revision wins."""

    revision: int
    result: Pointer | None
    missing: Ranges


class SessionJoin(msgspec.Struct, frozen=True, kw_only=True):
    """One session: its sealed generation, the windows that have voices, and the speakers.

    `identified` is the newest answer about a whole generation; its generation may be another one
    than the sealed one. `windows` is the number of windows that have a result, up to the last one.
    `sliced` is the newest slice that had its turn, of whatever generation.
    `is_closed`: the session was erased or its text expired, and no event changes anything any more.

    Before the session is sealed, `provisional` is the newest provisional answer, and
    `requested_through` is the end of the last request for one.
    """

    sealed: Seal | None = None
    voiced: Ranges = ()
    identified: SpeakersIdentified | None = None
    windows: int = 0
    constrained: SpeakersConstrained | None = None
    sliced: SliceAttributed | None = None
    provisional: ProvisionalSpeakersIdentified | None = None
    requested_through: int = 0
    is_closed: bool = False

    @property
    def turns(self) -> Pointer | None:
        """The turns of the sealed generation; None while they are not known."""
        if self.sealed is None or self.identified is None:
            return None
        is_its_own = self.identified.generation == self.sealed.generation
        return self.identified.turns if is_its_own else None

    @property
    def through(self) -> int:
        """The end of the sealed windows whose turn it is; those behind it have theirs later."""
        if self.sealed is None:
            return 0
        sliced = self.sliced
        is_its_own = sliced is not None and sliced.generation == self.sealed.generation
        done = sliced.through if sliced and is_its_own else 0
        return min(done + SLICE, len(self.sealed.windows))

    def revision(self, window: int) -> int:
        """Returns the sealed revision of a window; 0 for one that is not sealed."""
        windows = self.sealed.windows if self.sealed else ()
        return windows[window] if window < len(windows) else 0

    @property
    def answered_through(self) -> int:
        """The end of the windows that the newest provisional answer covers."""
        return self.provisional.through if self.provisional else 0


@dataclass(frozen=True)
class Attribution:
    """One session and the newest results of its windows. `join` is None when nothing is known."""

    session_id: SessionId
    join: SessionJoin | None
    results: View[StageResult]

    @property
    def known(self) -> SessionJoin:
        """The session, empty when nothing is known of it."""
        return self.join or SessionJoin()

    def words(self, window: int) -> StageResult | None:
        """Returns the newest words of a window."""
        return self.results.get(words_key(self.session_id, window))

    def voices(self, window: int) -> StageResult | None:
        """Returns the newest voices of a window."""
        return self.results.get(voices_key(self.session_id, window))

    def voices_of(self, windows: range) -> tuple[Pointer | None, ...]:
        """Returns the newest voices of each window; None for one without a result."""
        results = [self.voices(window) for window in windows]
        return tuple(result.result if result else None for result in results)


def load(store: Store, event: Event) -> Attribution | None:
    """Returns the state of the event's session. Results are read when they are asked for."""
    if not isinstance(event, SessionEvent):
        return None
    results = view_of(store, StageResult)
    return Attribution(event.session_id, store.get(event.session_id, SessionJoin), results)


def save(store: Store, before: Attribution, after: Attribution) -> None:
    """Writes the differences. Nothing of a window stays when the session is closed."""
    store.set(after.session_id, after.join)
    if not after.known.is_closed:
        after.results.save(store)
        return
    for window in range(before.known.windows):
        store.delete(words_key(after.session_id, window))
        store.delete(voices_key(after.session_id, window))


@dataclass(frozen=True)
class CompleteVoices:
    """Every window has voices: write the manifest and ask for a clustering."""

    sealed: Seal
    voices: tuple[Pointer | None, ...]
    former: Pointer | None
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True)
class AttributeWindow:
    """The window and those next to it have words and turns: give each word its speaker.

    `before` and `after` are the words of the neighbours; None for a neighbour that is lacking.
    """

    sealed: Seal
    window: int
    words: Pointer | None
    turns: Pointer
    missing: Ranges
    before: Pointer | None
    after: Pointer | None


@dataclass(frozen=True)
class GoOn:
    """The next slice of the generation has its turn, after what waits of other sessions."""

    sealed: Seal
    through: int


@dataclass(frozen=True)
class CompleteProvisionalVoices:
    """The session goes on: ask for the speakers of the windows [first, through).

    `former` are the turns of the answer before, by which labels stay the same.
    """

    session_id: SessionId
    first: int
    through: int
    voices: tuple[Pointer | None, ...]
    former: Pointer | None


@dataclass(frozen=True)
class AttributeProvisionalWindow:
    """The session goes on: give the words of this window the speakers of the newest answer."""

    session_id: SessionId
    window: int
    words: Pointer
    turns: Pointer


OfSealed = CompleteVoices | AttributeWindow | GoOn
Order = OfSealed | CompleteProvisionalVoices | AttributeProvisionalWindow


def session_of(order: Order) -> SessionId:
    """Returns the session that an order is about."""
    if isinstance(order, OfSealed):
        return order.sealed.session_id
    return order.session_id


def became_attributable(
    before: Attribution,
    after: Attribution,
    cause: Event,
    windows: range,
    order_of: Callable[[Attribution, int], Order | None],
) -> list[Order]:
    """Returns the orders of those windows that had none before, or another one. Pure.

    Words that came are those of one window: only it and its neighbours are looked at.
    """
    if isinstance(cause, WindowTranscribed):
        windows = range(max(0, cause.window - 1), cause.window + 2)
    orders: list[Order] = []
    for window in windows:
        order = order_of(after, window)
        if order is not None and order != order_of(before, window):
            orders.append(order)
    return orders


def words_key(session_id: SessionId, window: int) -> str:
    """Returns the table key of a window's words."""
    return f"{session_id}/words/{window}"


def voices_key(session_id: SessionId, window: int) -> str:
    """Returns the table key of a window's voices."""
    return f"{session_id}/voiced/{window}"
