"""Pure: the seal of a generation and its constraints, as the folds keep them that wait for it.

Constraints are sent before the seal. They may be lost, or become a dead letter: a generation that
has some waits for them, until the watchdog opens the next one (ADR 0021).
"""

# The event on the topic has the gaps: the audit compares them with the chunks.

from msgspec.structs import replace

from schemas.session_events import (
    ConstrainedSessionSealed,
    Constraint,
    Seal,
    SpeakersConstrained,
)


def without_gaps(sealed: Seal) -> Seal:
    """Returns the seal without its gaps, which no fold asks for.

    A row with the seal is written with every window. Each of a few thousand gaps would be in it
    each time.
    """
    return replace(sealed, gaps=()) if sealed.gaps else sealed


def newer(known: SpeakersConstrained | None, event: SpeakersConstrained) -> SpeakersConstrained:
    """Returns the constraints of the newer generation; of one generation, those that come later."""
    if known is not None and event.generation < known.generation:
        return known
    return event


def constraints_of(
    sealed: Seal, known: SpeakersConstrained | None
) -> tuple[Constraint, ...] | None:
    """Returns what the generation obeys; None while that is not known.

    Nor is it when the constraints of the next generation are here: its seal is on its way.
    """
    if known is None or known.generation < sealed.generation:
        return None if isinstance(sealed, ConstrainedSessionSealed) else ()
    return known.constraints if known.generation == sealed.generation else None
