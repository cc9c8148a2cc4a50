"""Pure: results of the stages, and claims on speakers."""

from msgspec.structs import replace

from schemas.claim_events import SpeakerClaimed, SpeakerReleased
from schemas.event import SessionEvent
from schemas.ranges import add
from schemas.session_events import State
from schemas.speech_events import ClipOrder, SpeakersIdentified, WindowResult
from schemas.word_events import WordsCounted
from streams.fold import Outputs
from streams.sessions import ahead, events, generations, pace, windows
from streams.sessions.state import Decision, Rules, Session
from streams.store import Store


def on_result(store: Store, session: Session, event: WindowResult, rules: Rules) -> Decision:
    """A window is transcribed or diarized. Results of an older revision change only the pace.

    When both are there the window leaves the workers, and another one is released. A result of a
    revision that nobody asked for yet waits for it.
    """
    session = pace.noted(session, event)
    wanted = session.revision(event.window)
    if event.revision < wanted:
        return session, []
    session = ahead.remember(session, event)
    if event.revision > wanted:
        return session, []
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    progress = events.progress(session, event)
    return session, [*events.windows(ready), progress, *events.eta(session, event)]


def on_counted(session: Session, event: WordsCounted) -> Session:
    """A window is counted. The counts of the newest generation replace those of an older one."""
    if event.generation < session.counted_of:
        return session
    former = session.counted if event.generation == session.counted_of else ()
    counted = add(former, event.window, event.window + 1)
    return replace(session, counted=counted, counted_of=event.generation)


def on_identified(session: Session, event: SpeakersIdentified) -> Session:
    """A generation has its speakers. Those of a generation that is to come wait for it."""
    known = session.ahead.identified
    is_newest = known is None or event.generation > known.generation
    if event.generation < session.generation or not is_newest:
        return session
    return replace(session, ahead=replace(session.ahead, identified=event))


def caught_up(store: Store, session: Session, event: SessionEvent) -> Decision:
    """Takes what waited for the present generation: its speakers, and its counts.

    Clips are ordered when the speakers are known.
    """
    outputs: Outputs = []
    identified = session.ahead.identified
    if identified is not None and identified.generation <= session.generation:
        session = replace(session, ahead=replace(session.ahead, identified=None))
    if identified is not None and identified.generation == session.generation:
        labels = tuple(speaker.label for speaker in identified.speakers)
        session = replace(session, speakers=labels, identified_of=identified.generation)
        orders = _clip_orders(store, session, identified)
        outputs.append(events.clips(session, identified, orders))
    session, concluded = generations.conclude(session, event)
    return session, [*outputs, *concluded]


def _clip_orders(
    store: Store, session: Session, event: SpeakersIdentified
) -> tuple[ClipOrder, ...]:
    orders: list[ClipOrder] = []
    for speaker in event.speakers:
        for ordinal, span in enumerate(speaker.clips):
            chunks = windows.chunks_of(session, store, *span)
            order = ClipOrder(speaker=speaker.label, ordinal=ordinal, span=span, chunks=chunks)
            orders.append(order)
    return tuple(orders)


def on_claim(session: Session, event: SpeakerClaimed | SpeakerReleased) -> Decision:
    """A speaker was claimed or released: a complete generation may be completed or ready again."""
    claimed = tuple(label for label in session.claimed if label != event.speaker)
    if isinstance(event, SpeakerClaimed):
        claimed = (*claimed, event.speaker)
    session = replace(session, claimed=claimed)
    state = generations.state_of(session)
    if session.state not in (State.READY, State.COMPLETED) or state is session.state:
        return session, []
    session = replace(session, state=state)
    return session, [events.concluded(session, event)]
