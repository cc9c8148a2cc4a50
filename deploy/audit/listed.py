"""Pure: the session's own row, and its objects, against the log."""

import hashlib
from collections.abc import Collection, Iterator, Mapping

from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Key, Mend
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import StoredRows, Values
from schemas.claim_events import SpeakerClaimed
from schemas.event import Pointer
from schemas.session_events import COMPLETE, State
from schemas.session_rows import SessionListing


def row_differences(facts: LogFacts, stored: StoredRows) -> Iterator[Difference]:
    """Yield what differs in the session's row."""
    listing = facts.listing
    if listing is None:
        return
    wanted: dict[Key, Values] = {(): _values(listing)}
    found: list[tuple[Key, Values]] = [((), row.values()) for row in stored.listed]
    yield from Rows("sessions", (), facts, wanted, found).differences()


def state_differences(facts: LogFacts) -> Iterator[Difference]:
    """Yield a difference when a complete session is not as its claims say.

    The fold `sessions` gave up, or never read, what was decided about one of them.
    """
    if facts.identified is None or facts.state not in COMPLETE:
        return
    claimed = {one.speaker for one in facts.claims.values() if isinstance(one, SpeakerClaimed)}
    unclaimed = {one.label for one in facts.identified.speakers} - claimed
    wanted = State.READY if unclaimed else State.COMPLETED
    if facts.state is not wanted:
        yield Difference(
            session_id=facts.session_id,
            where=str(facts.listed_at),
            what=f"the session is {facts.state}, and {wanted} by its claims",
            advice="`lahstats dlq list` has what was lost: send it back. "
            "Else release such a voice, and claim it again.",
        )


def _values(listing: SessionListing) -> Values:
    """Return the columns in the order of `ListedRow.values`."""
    return (
        listing.owner,
        listing.group_id or "",
        listing.state,
        listing.generation,
        listing.recorded_at_ms,
        listing.time_zone,
        listing.audio_ms,
    )


def object_differences(
    facts: LogFacts, recounted: Recounted, stored: StoredRows, objects: Collection[str]
) -> Iterator[Difference]:
    """Yield objects of the newest generation that are gone or other than they should be."""
    words = _words_of_windows(facts, recounted)
    yield from _object_rows(facts, recounted, stored, words).differences()
    # Turns that are not in the store were found when the session was counted again.
    for number, pointer in words.items():
        if not facts.is_text_gone and pointer.key not in objects:
            yield _without_object(facts, pointer.key)
        computed = recounted.windows[number].attributed
        if computed is not None and hashlib.sha256(computed).hexdigest() != pointer.sha256:
            yield _other_words(facts, pointer.key)
    yield from _voices(facts, recounted, objects)


def _words_of_windows(facts: LogFacts, recounted: Recounted) -> dict[int, Pointer]:
    """Return where the attributed words of each window that has some are, as the log says."""
    found: dict[int, Pointer] = {}
    for number in recounted.windows:
        attributed = facts.attributed.get(number)
        if attributed is not None and attributed.words is not None:
            found[number] = attributed.words
    return found


def _object_rows(
    facts: LogFacts, recounted: Recounted, stored: StoredRows, words: Mapping[int, Pointer]
) -> Rows[str]:
    """Return the keys of the objects of the sealed generation: of the words and of the turns."""
    wanted: dict[Key, str] = {}
    for number, pointer in words.items():
        wanted["words", number] = pointer.key
    if facts.identified is not None and recounted.sealed.windows:
        wanted["turns", 0] = facts.identified.turns.key
    found: list[tuple[Key, str]] = []
    for row in stored.objects:
        if row.generation == recounted.sealed.generation:
            object_of = (row.kind, row.window)
            found.append((object_of, row.key))
    return Rows("session_objects", ("kind", "window"), facts, wanted, found)


def _voices(
    facts: LogFacts, recounted: Recounted, objects: Collection[str]
) -> Iterator[Difference]:
    """Yield a difference for each window whose voices are gone."""
    for number in range(len(recounted.sealed.windows)):
        voiced = facts.voiced.get(number)
        if voiced is None or voiced.result is None or voiced.result.key in objects:
            continue
        yield Difference(
            session_id=facts.session_id,
            where=voiced.result.key,
            what="the voices of a window are not in the store",
            advice="Replay the window: the session cannot be clustered again without them.",
        )


def _without_object(facts: LogFacts, key: str) -> Difference:
    return Difference(
        session_id=facts.session_id,
        where=key,
        what="the object is not in the store",
        advice=Mend.PUT_OBJECT.advice,
        mend=Mend.PUT_OBJECT,
    )


def _other_words(facts: LogFacts, key: str) -> Difference:
    return Difference(
        session_id=facts.session_id,
        where=key,
        what="the words were attributed otherwise than their turns say",
        advice="Count the session again: `lahstats recount`.",
    )
