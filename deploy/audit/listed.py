"""Pure: the session's own row, and its objects, against the log."""

import hashlib
from collections.abc import Collection, Iterator

from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Key, Mend
from deploy.audit.rows import Rows
from deploy.audit.stored_rows import StoredRows, Values
from schemas.event import Pointer


def row_differences(facts: LogFacts, stored: StoredRows) -> Iterator[Difference]:
    """Yield what differs in the session's row."""
    listing = facts.listing
    if listing is None:
        return
    about = (listing.state, listing.generation, listing.recorded_at_ms, listing.time_zone)
    wanted: dict[Key, Values] = {
        (): (listing.owner, listing.group_id or "", *about, listing.audio_ms)
    }
    found: list[tuple[Key, Values]] = [((), row.values()) for row in stored.listed]
    yield from Rows("sessions", (), facts.session_id, wanted, found).differences()


def object_differences(
    facts: LogFacts, recounted: Recounted, stored: StoredRows, objects: Collection[str]
) -> Iterator[Difference]:
    """Yield objects of the newest generation that are gone or other than they should be."""
    pointers = dict(_pointers(facts, recounted))
    wanted: dict[Key, str] = {place: one.key for place, one in pointers.items()}
    generation = recounted.sealed.generation
    found: list[tuple[Key, str]] = [
        ((row.kind, row.window), row.key) for row in stored.objects if row.generation == generation
    ]
    columns = ("kind", "window")
    yield from Rows("session_objects", columns, facts.session_id, wanted, found).differences()
    for (kind, _), pointer in pointers.items():
        # The turns were read.
        if kind == "words" and not facts.is_text_gone and pointer.key not in objects:
            yield _gone(facts, pointer.key)
    for number, window in recounted.windows.items():
        pointer_of = pointers.get(("words", number))
        if window.attributed is None or pointer_of is None:
            continue
        if hashlib.sha256(window.attributed).hexdigest() != pointer_of.sha256:
            yield _other(facts, pointer_of.key)
    yield from _voices(facts, recounted, objects)


def _pointers(facts: LogFacts, recounted: Recounted) -> Iterator[tuple[tuple[str, int], Pointer]]:
    for number in recounted.windows:
        attributed = facts.attributed.get(number)
        if attributed is not None and attributed.words is not None:
            yield ("words", number), attributed.words
    if facts.identified is not None and recounted.sealed.windows:
        yield ("turns", 0), facts.identified.turns


def _voices(
    facts: LogFacts, recounted: Recounted, objects: Collection[str]
) -> Iterator[Difference]:
    for number in range(len(recounted.sealed.windows)):
        voiced = facts.voiced.get(number)
        if voiced is not None and voiced.result is not None and voiced.result.key not in objects:
            yield Difference(
                session_id=facts.session_id,
                where=voiced.result.key,
                what="the voices of a window are not in the store",
                advice="Replay the window: the session cannot be clustered again without them.",
            )


def _gone(facts: LogFacts, key: str) -> Difference:
    return Difference(
        session_id=facts.session_id,
        where=key,
        what="the object is not in the store",
        advice=Mend.PUT_OBJECT.advice,
        mend=Mend.PUT_OBJECT,
    )


def _other(facts: LogFacts, key: str) -> Difference:
    return Difference(
        session_id=facts.session_id,
        where=key,
        what="the words were attributed otherwise than their turns say",
        advice="Count the session again: `lahstats recount`.",
    )
