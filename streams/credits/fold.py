"""Pure: joins the counts and claims of a session. Totals and credits follow."""

from dataclasses import replace as changed

from msgspec.structs import replace

from schemas.claim_events import ForgetRequested, Requested, VerdictRequested
from schemas.event import Event, SessionEvent
from schemas.ids import SpeakerLabel
from schemas.ranges import Ranges, add, covers, remove
from schemas.session_events import (
    ErasureSettled,
    SessionErased,
    SessionSealed,
    SpeakersConstrained,
)
from schemas.speech_events import SpeakersIdentified
from schemas.word_events import WordsCounted
from streams.credits import events, verdicts
from streams.credits.announce import announce
from streams.credits.claims import answer
from streams.credits.counts import Moments, WindowCounts
from streams.credits.credits import credited
from streams.credits.leaving import left
from streams.credits.settling import settle
from streams.credits.state import Credits, Ledger, load, save, window_key
from streams.credits.totals import total
from streams.fold import Shape, as_announced, no_inputs
from streams.seals import constraints_of, newer, without_gaps


def decide(state: Credits, event: Event, _inputs: None) -> Credits:
    """Returns the session after `event`. A repeated request gets the answer of the first one."""
    if isinstance(event, ErasureSettled):
        return changed(state, ledger=None)
    if isinstance(event, Requested):
        return _requested(state, event)
    if state.known.erased:
        return state
    match event:
        case SessionErased():
            # Names, counts and answers go. The warehouse's rows go with the session's rows.
            return changed(state, ledger=Ledger(erased=True))
        case ForgetRequested() if state.ledger is not None:
            return _left(state, event)
        case SpeakersConstrained():
            constrained = newer(state.known.constrained, event)
            return changed(state, ledger=replace(state.known, constrained=constrained))
        case SessionSealed():
            return _sealed(state, event)
        case SpeakersIdentified():
            return _identified(state, event)
        case WordsCounted():
            return _counted(state, event)
    return state


def _sealed(state: Credits, event: SessionSealed) -> Credits:
    ledger = state.known
    if ledger.sealed and event.generation <= ledger.sealed.generation:
        return state
    counted: Ranges = ()
    for window in range(len(event.windows)):
        counts = state.counts.get(window_key(event.session_id, window))
        if counts and counts.generation == event.generation:
            counted = add(counted, window, window + 1)
    return _concluded(
        changed(state, ledger=replace(ledger, sealed=without_gaps(event), counted=counted)),
        event,
    )


def _identified(state: Credits, event: SpeakersIdentified) -> Credits:
    ledger = state.known
    if ledger.identified and event.generation < ledger.identified.generation:
        return state
    return _concluded(changed(state, ledger=replace(ledger, identified=event)), event)


def _counted(state: Credits, event: WordsCounted) -> Credits:
    ledger = state.known
    key = window_key(event.session_id, event.window)
    before = state.counts.get(key)
    if before and event.generation < before.generation:
        return state
    former = before.of(ledger.totals.generation) if before and ledger.totals else None
    if former and former.generation >= event.generation:
        former = None
    state = changed(
        state,
        counts=state.counts.setting(key, _window_counts(event, former)),
    )
    if ledger.sealed is None:
        return state
    # The counts of a generation whose seal is still to be read took the place of these.
    change = add if event.generation == ledger.sealed.generation else remove
    counted = change(ledger.counted, event.window, event.window + 1)
    return _concluded(
        changed(state, ledger=replace(ledger, counted=counted)),
        event,
    )


def _window_counts(event: WordsCounted, former: WindowCounts | None) -> WindowCounts:
    said: dict[SpeakerLabel, Moments] = {}
    maybe: dict[SpeakerLabel, Moments] = {}
    for row in event.rows:
        found = maybe if row.maybe else said
        words = found.setdefault(row.speaker, {}).setdefault(row.day, {})
        words[row.word] = (*words.get(row.word, ()), row.said_at_ms)
    return WindowCounts(
        generation=event.generation,
        day=event.day,
        said=said,
        maybe=maybe,
        spoken=event.spoken,
        missing=event.missing,
        former=former,
    )


def _concluded(state: Credits, event: SessionEvent) -> Credits:
    """Takes the totals of a generation that is complete; else changes nothing."""
    before = state.known
    sealed = before.sealed
    if sealed is None or not covers(before.counted, 0, len(sealed.windows)):
        return state
    if sealed.windows and not _is_identified(before, sealed):
        return state
    if constraints_of(sealed, before.constrained) is None:
        return state  # its merges are lost, or it is overtaken
    ledger = total(before, sealed, state.windows)
    ledger, notices = settle(ledger, event)
    after = _without_former(changed(state, ledger=ledger), sealed)
    ledger, moves = verdicts.settled(state, after, event)
    ledger = replace(ledger, credited=credited(before, ledger))
    return changed(after, ledger=ledger, decided=(*notices, *moves))


def _is_identified(ledger: Ledger, sealed: SessionSealed) -> bool:
    identified = ledger.identified
    return identified is not None and identified.generation == sealed.generation


def _without_former(state: Credits, sealed: SessionSealed) -> Credits:
    """The counts of the generation before are shown to nobody any more."""
    counts = state.counts
    for window in range(len(sealed.windows)):
        key = window_key(state.session_id, window)
        held = counts.get(key)
        if held and held.former:
            counts = counts.setting(key, replace(held, former=None))
    return changed(state, counts=counts)


def _left(state: Credits, event: ForgetRequested) -> Credits:
    before = state.known
    ledger, notices = left(before, event)
    ledger = _credited_again(before, ledger)
    return changed(state, ledger=ledger, decided=tuple(notices))


def _requested(state: Credits, event: Requested) -> Credits:
    before = state.known
    if isinstance(event, VerdictRequested):
        state = verdicts.answer(state, event)
        return changed(state, ledger=_credited_again(before, state.known))
    remembered = before.answers.get(event.request_id, event)
    if remembered is not None:
        return changed(state, decided=(events.answered(before, event, remembered),))
    ledger, answered = answer(before, event)
    return changed(
        state,
        ledger=_credited_again(before, ledger),
        decided=(answered,),
    )


def _credited_again(before: Ledger, ledger: Ledger) -> Ledger:
    """Notes what users are sent, where a claim or a verdict changed it."""
    if (ledger.claims, ledger.totals) == (before.claims, before.totals):
        return ledger
    return replace(ledger, credited=credited(before, ledger))


SHAPE = Shape(
    load=load,
    fetch=no_inputs,
    decide=decide,
    announce=announce,
    publish=as_announced,
    save=save,
)
fold = SHAPE.run
