"""Pure: the seal of a generation, as the folds keep it that join what comes for its windows."""

# The event on the topic has the gaps: the audit compares them with the chunks.

from msgspec.structs import replace

from schemas.session_events import SessionSealed


def without_gaps(sealed: SessionSealed) -> SessionSealed:
    """Returns the seal without its gaps, which no fold asks for.

    A row with the seal is written with every window. Each of a few thousand gaps would be in it
    each time.
    """
    return replace(sealed, gaps=()) if sealed.gaps else sealed
