"""Pure: joins the counts and claims of a session; totals and credits follow."""

from collections.abc import Iterable

from msgspec.structs import replace

from schemas import topics
from schemas.claim_events import Requested
from schemas.event import Event, SessionEvent
from schemas.ids import SpeakerLabel
from schemas.ranges import Ranges, add, covers, remove
from schemas.session_events import ErasureSettled, SessionErased, SessionSealed, SpeakersConstrained
from schemas.speech_events import SpeakersIdentified
from schemas.word_events import WordsCounted
from streams.credits import events
from streams.credits.claims import decide, settle
from streams.credits.credits import Credit, credit_all, credit_change
from streams.credits.state import Ledger, Moments, WindowCounts, window_key
from streams.credits.totals import total
from streams.fold import Outputs
from streams.store import Store

Decision = tuple[Ledger, Outputs]


def fold(store: Store, event: Event) -> Outputs:
    """Returns what follows from `event`. A repeated request gets the answer of the first one."""
    if not isinstance(event, SessionEvent):
        return []
    if isinstance(event, ErasureSettled):
        store.delete(event.session_id)
        return []
    ledger = store.get(event.session_id, Ledger) or Ledger()
    if ledger.erased and not isinstance(event, Requested):
        return []
    after, outputs = _decide(store, ledger, event)
    if after != ledger:
        store.put(event.session_id, after)
    return outputs


def _decide(store: Store, ledger: Ledger, event: SessionEvent) -> Decision:
    match event:
        case SessionErased():
            return _on_erased(store, ledger, event), []
        case SpeakersConstrained():
            return replace(ledger, constrained=event), []
        case SessionSealed():
            return _on_sealed(store, ledger, event)
        case SpeakersIdentified():
            return _on_identified(store, ledger, event)
        case WordsCounted():
            return _on_counted(store, ledger, event)
    if isinstance(event, Requested):
        return _on_request(store, ledger, event)
    return ledger, []


def _on_erased(store: Store, ledger: Ledger, event: SessionErased) -> Ledger:
    # Names, counts and answers go. The warehouse's rows go with the session's rows.
    windows = len(ledger.sealed.windows) if ledger.sealed else 0
    for window in range(windows):
        store.delete(window_key(event.session_id, window))
    return Ledger(erased=True)


def _on_sealed(store: Store, ledger: Ledger, event: SessionSealed) -> Decision:
    if ledger.sealed and event.generation <= ledger.sealed.generation:
        return ledger, []
    counted: Ranges = ()
    for window in range(len(event.windows)):
        counts = store.get(window_key(event.session_id, window), WindowCounts)
        if counts and counts.generation == event.generation:
            counted = add(counted, window, window + 1)
    return _conclude(store, replace(ledger, sealed=event, counted=counted), event)


def _on_identified(store: Store, ledger: Ledger, event: SpeakersIdentified) -> Decision:
    if ledger.identified and event.generation < ledger.identified.generation:
        return ledger, []
    return _conclude(store, replace(ledger, identified=event), event)


def _on_counted(store: Store, ledger: Ledger, event: WordsCounted) -> Decision:
    key = window_key(event.session_id, event.window)
    before = store.get(key, WindowCounts)
    if before and event.generation < before.generation:
        return ledger, []
    shown = _shown(before, ledger)
    if shown and shown.generation >= event.generation:
        shown = None
    store.put(key, replace(_window_counts(event), former=shown))
    if ledger.sealed is None:
        return ledger, []
    # The counts of a generation whose seal is still to be read took the place of these.
    change = add if event.generation == ledger.sealed.generation else remove
    counted = change(ledger.counted, event.window, event.window + 1)
    return _conclude(store, replace(ledger, counted=counted), event)


def _shown(counts: WindowCounts | None, ledger: Ledger) -> WindowCounts | None:
    """The counts of the generation that people see; None when the window has none of it."""
    if counts is None or ledger.totals is None:
        return None
    for window in (counts, counts.former):
        if window and window.generation == ledger.totals.generation:
            return replace(window, former=None)
    return None


def _window_counts(event: WordsCounted) -> WindowCounts:
    said: dict[SpeakerLabel, Moments] = {}
    for row in event.rows:
        words = said.setdefault(row.speaker, {}).setdefault(row.day, {})
        words[row.word] = (*words.get(row.word, ()), row.said_at_ms)
    return WindowCounts(
        generation=event.generation,
        day=event.day,
        said=said,
        spoken=event.spoken,
        missing=event.missing,
    )


def _conclude(
    store: Store, ledger: Ledger, event: SessionSealed | SpeakersIdentified | WordsCounted
) -> Decision:
    sealed = ledger.sealed
    if sealed is None or not covers(ledger.counted, 0, len(sealed.windows)):
        return ledger, []
    if sealed.windows and not _is_identified(ledger, sealed):
        return ledger, []
    windows = _windows(store, sealed)
    former = ledger.claims
    ledger, counted = total(ledger, sealed, windows, event)
    ledger, notices = settle(ledger, event)
    ledger, changes = credit_all(ledger, event, former, windows)
    _forget_former(store, sealed)
    outputs: Outputs = [(topics.CREDITED, counted), *_credited(changes)]
    outputs += [(topics.CLAIMS_DECIDED, notice) for notice in notices]
    return ledger, outputs


def _forget_former(store: Store, sealed: SessionSealed) -> None:
    """The counts of the generation before are shown to nobody any more."""
    for window in range(len(sealed.windows)):
        key = window_key(sealed.session_id, window)
        counts = store.get(key, WindowCounts)
        if counts and counts.former:
            store.put(key, replace(counts, former=None))


def _is_identified(ledger: Ledger, sealed: SessionSealed) -> bool:
    identified = ledger.identified
    return identified is not None and identified.generation == sealed.generation


def _windows(store: Store, sealed: SessionSealed) -> list[WindowCounts]:
    windows: list[WindowCounts] = []
    for window in range(len(sealed.windows)):
        counts = store.get(window_key(sealed.session_id, window), WindowCounts)
        if counts:
            windows.append(counts)
    return windows


def _on_request(store: Store, ledger: Ledger, event: Requested) -> Decision:
    remembered = ledger.answers.get(event.request_id, event)
    if remembered is not None:
        return ledger, [(topics.CLAIMS_DECIDED, events.answered(event, remembered))]
    former = ledger.claims
    ledger, answer = decide(ledger, event)
    windows: list[WindowCounts] = []
    if ledger.sealed and former != ledger.claims:
        shown = [_shown(counts, ledger) for counts in _windows(store, ledger.sealed)]
        windows = [counts for counts in shown if counts]
    ledger, changes = credit_change(ledger, event, former, windows)
    return ledger, [(topics.CLAIMS_DECIDED, answer), *_credited(changes)]


def _credited(changes: Iterable[Credit]) -> Outputs:
    return [(topics.CREDITED, credit) for credit in changes]
