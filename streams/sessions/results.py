"""Pure: results of the stages, and claims on speakers."""

from dataclasses import replace as changed

from msgspec.structs import replace

from schemas.claim_events import SpeakerClaimed
from schemas.ranges import add
from schemas.session_events import COMPLETE
from schemas.speech_events import SpeakersIdentified, WindowResult
from schemas.word_events import SessionCounted, WordsCounted
from streams.sessions import early_results, generations, merging, pace, windows
from streams.sessions.claims_told import ClaimDecided, with_told
from streams.sessions.recorded import Recorded
from streams.sessions.state import Rules, Session

StageAnswer = WindowResult | WordsCounted | SpeakersIdentified | SessionCounted


def on_answer(session: Session, event: StageAnswer, rules: Rules) -> Session:
    """A stage did a part of the work. Nothing is counted again when the text has expired."""
    if session.is_text_gone:
        return session
    match event:
        case WindowResult():
            return _on_result(session, event, rules)
        case WordsCounted():
            return _on_counted(session, event)
        case SpeakersIdentified():
            return _on_identified(session, event)
        case SessionCounted():
            return _on_totalled(session, event)


def _on_result(session: Session, event: WindowResult, rules: Rules) -> Session:
    """A window is transcribed or diarized. Results of an older revision change only the pace.

    When both are there the window leaves the workers, and another one is released. A result of a
    revision that nobody asked for yet waits for it.
    """
    session = pace.noted(session, event)
    wanted = session.revision(event.window)
    if event.revision < wanted:
        return session
    session = early_results.remember(session, event)
    return session if event.revision > wanted else windows.release(session, rules)


def _on_counted(session: Session, event: WordsCounted) -> Session:
    """A window is counted. The counts of the newest generation replace those of an older one."""
    if event.generation < session.counted_of:
        return session
    former = session.counted if event.generation == session.counted_of else ()
    counted = add(former, event.window, event.window + 1)
    return replace(session, counted=counted, counted_of=event.generation)


def _on_totalled(session: Session, event: SessionCounted) -> Session:
    """A generation has its totals, which people see."""
    return replace(session, totalled_of=max(session.totalled_of, event.generation))


def _on_identified(session: Session, event: SpeakersIdentified) -> Session:
    """A generation has its speakers. Speakers of a later generation are kept until it is opened."""
    known = session.ahead.identified
    is_newest = known is None or event.generation > known.generation
    if event.generation < session.generation or not is_newest:
        return session
    return replace(session, ahead=replace(session.ahead, identified=event))


def caught_up(state: Recorded) -> Recorded:
    """Takes the speakers that waited for the present generation."""
    session = state.session
    identified = session.ahead.identified
    if identified is None or identified.generation > session.generation:
        return state
    session = replace(session, ahead=replace(session.ahead, identified=None))
    if identified.generation < session.generation:
        return state.having(session)  # they are of an older generation
    labels = tuple(speaker.label for speaker in identified.speakers)
    session = replace(session, speakers=labels, identified_of=identified.generation)
    return changed(state.having(session), identified=identified)


def on_claim(session: Session, event: ClaimDecided) -> Session:
    """A speaker was claimed or released: a complete generation may be completed or ready again.

    A tag releases as well: an undoing gives a voice back to somebody who is asked first. A repeated
    request is answered by its first decision, which newer ones may have replaced. Those of other
    speakers have not: a dead letter is sent back when these have changed meanwhile.
    """
    told = session.told.get(event.speaker)
    version = told.version if told else session.claims_version
    if event.claim_version < version:
        return session
    claimed = {label: by for label, by in session.claimed.items() if label != event.speaker}
    if isinstance(event, SpeakerClaimed):
        claimed[event.speaker] = event.user_id or event.by
    session = replace(session, claimed=claimed, told=with_told(session.told, event))
    session = merging.without(session, event.speaker)
    if session.state not in COMPLETE:
        return session
    return replace(session, state=generations.state_of(session))
