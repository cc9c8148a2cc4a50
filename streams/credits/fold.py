"""Counts in, claims in; totals and credited out. A repeated request gets the answer it got before."""

from msgspec.structs import replace

from schemas import topics
from schemas.claim_events import Requested
from schemas.event import Event
from schemas.ids import SpeakerLabel
from schemas.ranges import Ranges, add, covers
from schemas.session_events import SessionErased, SessionSealed, SpeakersConstrained
from schemas.speech_events import SpeakersIdentified
from schemas.word_events import WordsCounted
from streams.credits.claims import decide, settle
from streams.credits.credits import credit_all, credit_change
from streams.credits.state import Ledger, Moments, WindowCounts, window_key
from streams.credits.totals import total
from streams.fold import Outputs
from streams.store import Store


def fold(store: Store, event: Event) -> Outputs:
    """What follows from `event`."""
    if not isinstance(
        event,
        SpeakersConstrained
        | SessionSealed
        | SpeakersIdentified
        | WordsCounted
        | SessionErased
        | Requested,
    ):
        return []
    ledger = store.get(event.session_id, Ledger) or Ledger()
    if ledger.erased and not isinstance(event, Requested):
        return []
    outputs: Outputs = []
    match event:
        case SessionErased():
            ledger = _on_erased(store, ledger, event)
        case SpeakersConstrained():
            ledger = replace(ledger, constrained=event)
        case SessionSealed():
            ledger, outputs = _on_sealed(store, ledger, event)
        case SpeakersIdentified():
            ledger, outputs = _on_identified(store, ledger, event)
        case WordsCounted():
            ledger, outputs = _on_counted(store, ledger, event)
        case _:
            ledger, outputs = _on_request(store, ledger, event)
    store.put(event.session_id, ledger)
    return outputs


def _on_erased(store: Store, ledger: Ledger, event: SessionErased) -> Ledger:
    """Names, counts and answers are overwritten. What stands in the warehouse goes with the session's rows."""
    for window in range(len(ledger.sealed.windows) if ledger.sealed else 0):
        store.put(
            window_key(event.session_id, window),
            WindowCounts(generation=0, day="", said={}, spoken={}, missing=()),
        )
    return Ledger(version=ledger.version, erased=True)


def _on_sealed(store: Store, ledger: Ledger, event: SessionSealed) -> tuple[Ledger, Outputs]:
    if ledger.sealed and event.generation <= ledger.sealed.generation:
        return ledger, []
    counted: Ranges = ()
    for window in range(len(event.windows)):
        held = store.get(window_key(event.session_id, window), WindowCounts)
        if held and held.generation == event.generation:
            counted = add(counted, window, window + 1)
    return _conclude(store, replace(ledger, sealed=event, counted=counted), event)


def _on_identified(
    store: Store, ledger: Ledger, event: SpeakersIdentified
) -> tuple[Ledger, Outputs]:
    if ledger.identified and event.generation < ledger.identified.generation:
        return ledger, []
    return _conclude(store, replace(ledger, identified=event), event)


def _on_counted(store: Store, ledger: Ledger, event: WordsCounted) -> tuple[Ledger, Outputs]:
    key = window_key(event.session_id, event.window)
    held = store.get(key, WindowCounts)
    if held and event.generation < held.generation:
        return ledger, []
    shown = _shown(held, ledger)
    store.put(
        key,
        replace(
            _window(event), former=shown if shown and shown.generation < event.generation else None
        ),
    )
    if ledger.sealed is None or event.generation != ledger.sealed.generation:
        return ledger, []
    return _conclude(
        store, replace(ledger, counted=add(ledger.counted, event.window, event.window + 1)), event
    )


def _shown(held: WindowCounts | None, ledger: Ledger) -> WindowCounts | None:
    """What `held` has of the generation that people see; None when it has nothing of it."""
    found = [
        window
        for window in (held, held.former if held else None)
        if window and ledger.totals and window.generation == ledger.totals.generation
    ]
    return replace(found[0], former=None) if found else None


def _window(event: WordsCounted) -> WindowCounts:
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
) -> tuple[Ledger, Outputs]:
    sealed = ledger.sealed
    if sealed is None or not covers(ledger.counted, 0, len(sealed.windows)):
        return ledger, []
    is_identified = (
        ledger.identified is not None and ledger.identified.generation == sealed.generation
    )
    if sealed.windows and not is_identified:
        return ledger, []
    windows = _windows(store, sealed)
    ledger, counted = total(ledger, windows, event)
    former = ledger.claims
    ledger, notices = settle(ledger, event)
    ledger, credited = credit_all(ledger, event, former, windows)
    claims = [(topics.CLAIMS_DECIDED, notice) for notice in notices]
    return ledger, [
        (topics.CREDITED, counted),
        *((topics.CREDITED, credit) for credit in credited),
        *claims,
    ]


def _windows(store: Store, sealed: SessionSealed) -> list[WindowCounts]:
    held = (
        store.get(window_key(sealed.session_id, n), WindowCounts)
        for n in range(len(sealed.windows))
    )
    return [window for window in held if window]


def _on_request(store: Store, ledger: Ledger, event: Requested) -> tuple[Ledger, Outputs]:
    earlier = ledger.answers.get(event.request_id)
    if earlier is not None:
        return ledger, [(topics.CLAIMS_DECIDED, earlier)]
    former = ledger.claims
    ledger, answer = decide(ledger, event)
    held = _windows(store, ledger.sealed) if ledger.sealed and former != ledger.claims else []
    windows = [window for window in (_shown(window, ledger) for window in held) if window]
    ledger, credited = credit_change(ledger, event, former, windows)
    return ledger, [
        (topics.CLAIMS_DECIDED, answer),
        *((topics.CREDITED, credit) for credit in credited),
    ]
