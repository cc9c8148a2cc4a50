"""Pure: results of the stages, and claims on speakers."""

from msgspec.structs import replace

from schemas.claim_events import SpeakerClaimed, SpeakerReleased
from schemas.ranges import add, covers
from schemas.session_events import State
from schemas.speech_events import ClipOrder, SpeakersIdentified, WindowResult, WindowTranscribed
from schemas.word_events import WordsCounted
from streams.sessions import events, generations, pace, windows
from streams.sessions.state import Decision, Rules, Session
from streams.store import Store


def on_result(store: Store, session: Session, event: WindowResult, rules: Rules) -> Decision:
    """A window is transcribed or diarized. Results of an older revision change nothing.

    When both are there the window leaves the workers, and another one is released.
    """
    window = event.window
    if window >= len(session.revisions) or session.revisions[window] != event.revision:
        return session, []
    if isinstance(event, WindowTranscribed):
        session = replace(session, transcribed=add(session.transcribed, window, window + 1))
    else:
        session = replace(session, voiced=add(session.voiced, window, window + 1))
    session = _landed(pace.noted(session, event), window)
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    progress = events.progress(session, event)
    return session, [*events.windows(ready), progress, *events.eta(session, event)]


def _landed(session: Session, window: int) -> Session:
    is_transcribed = covers(session.transcribed, window, window + 1)
    if not is_transcribed or not covers(session.voiced, window, window + 1):
        return session
    in_flight = tuple(other for other in session.in_flight if other != window)
    return replace(session, in_flight=in_flight)


def on_counted(session: Session, event: WordsCounted) -> Decision:
    """A window of the generation is counted."""
    if event.generation != session.generation:
        return session, []
    counted = add(session.counted, event.window, event.window + 1)
    return generations.conclude(replace(session, counted=counted), event)


def on_identified(store: Store, session: Session, event: SpeakersIdentified) -> Decision:
    """The generation has its speakers: clips of them are ordered."""
    if event.generation != session.generation:
        return session, []
    labels = tuple(speaker.label for speaker in event.speakers)
    session = replace(session, speakers=labels)
    clips = events.clips(session, event, _clip_orders(store, session, event))
    session, outputs = generations.conclude(session, event)
    return session, [clips, *outputs]


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
