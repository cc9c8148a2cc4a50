"""Mends what can be computed again. Blocking; each step may be repeated.

Rows are written by the sink's own code from the newest events, so they are those that a replay
would write. Nothing is invented: a difference between the log and the objects stays.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from adapters.erasure.erasable_objects import erase_session
from adapters.erasure.erasable_rows import Days, Mutation, erase_rows, mark_session
from adapters.objects.store import BlobStore
from adapters.process.clock import Clock
from adapters.warehouse import Statements
from consumers.rollup.step import recompute
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from deploy.amounts import amount
from deploy.audit.log_facts import LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Mend
from deploy.audit.talk import with_overlap
from schemas import topics
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, SpeakerLabel
from schemas.object_kinds import ATTRIBUTED_WORDS

ROWS = frozenset({Mend.WRITE_ROWS, Mend.REPLACE, Mend.SET_OVERLAP})
OVERLAP = Mutation(
    "speaker_totals",
    "UPDATE overlap_ms = {overlap_ms:UInt64}",
    "session_id = {session:String} AND speaker = {speaker:String} AND word = ''"
    " AND talk_ms = {talk_ms:UInt64} AND turns = {turns:UInt32}",
)


@dataclass(frozen=True)
class Repair:
    """Repairs of one session or one day at a time."""

    warehouse: Statements
    blobs: BlobStore
    clock: Clock

    def mend(
        self,
        facts: LogFacts,
        recounted: Recounted | None,
        found: Sequence[Difference],
        is_still: Callable[[], bool],
    ) -> list[str]:
        """Mend the differences of one session. Return what was done, in sentences.

        Rows are left alone unless `is_still` says that they are those that were looked at: a newer
        one of the sink would be deleted for what an older one was.
        """
        mends = {one.mend for one in found}
        done: list[str] = []
        if Mend.ERASE_AGAIN in mends:
            done.append(self.erase(facts.session_id, days_of(facts)))
        if Mend.PUT_OBJECT in mends and recounted is not None:
            done += self._put(facts, recounted, found)
        if mends & ROWS and recounted is not None and is_still():
            done.append(self._write(facts, recounted, found))
        return done

    def erase(self, session_id: SessionId, days: Days) -> str:
        """Remove everything of an erased session once more."""
        erase_session(self.blobs, session_id)
        mark_session(self.warehouse, session_id, days)
        erase_rows(self.warehouse, session_id, days)
        recompute(self.warehouse, days.each())
        return f"session {session_id}: erased again"

    def days(self, days: Sequence[str]) -> str:
        """Compute the totals of these ISO days again."""
        recompute(self.warehouse, days)
        return f"{amount(len(days), 'day', 'days')} computed again"

    def _put(
        self, facts: LogFacts, recounted: Recounted, found: Sequence[Difference]
    ) -> Iterator[str]:
        gone = {one.where for one in found if one.mend is Mend.PUT_OBJECT}
        for number, window in recounted.windows.items():
            event = facts.attributed.get(number)
            if event is None or event.words is None or event.words.key not in gone:
                continue
            if window.attributed is not None:
                self.blobs.put(event.words.key, window.attributed, ATTRIBUTED_WORDS.content_type)
                yield f"session {facts.session_id}: {event.words.key} computed again"

    def _write(
        self,
        facts: LogFacts,
        recounted: Recounted,
        found: Sequence[Difference],
    ) -> str:
        wrong = [one for one in found if one.mend is Mend.REPLACE]
        for one in wrong:
            _deletion(one).run(self.warehouse, _values(one))
        self._set_overlap(recounted, found)
        records = list(_records(facts, recounted))
        Sink(self.warehouse, self.clock).process(records)
        recompute(self.warehouse, days_of(facts).each())
        deleted = amount(len(wrong), "row", "rows")
        return f"session {facts.session_id}: {deleted} deleted, all rows written again"

    def _set_overlap(self, recounted: Recounted, found: Sequence[Difference]) -> None:
        for one in found:
            if one.mend is Mend.SET_OVERLAP:
                speaker = SpeakerLabel(str(one.key["speaker"]))
                talk = recounted.speakers[speaker]._asdict()
                values = {"session": one.session_id, "speaker": speaker, **talk}
                OVERLAP.run(self.warehouse, values)


def _deletion(difference: Difference) -> Mutation:
    """Return the deletion of the row of a difference; its parameters are those of `_values`."""
    of_row = [f"toString({name}) = {{{name}:String}}" for name in difference.key]
    condition = " AND ".join(["session_id = {session:String}", *of_row])
    return Mutation(difference.table, "DELETE", condition)


def _values(difference: Difference) -> dict[str, str]:
    values = {"session": difference.session_id}
    for name, part in difference.key.items():
        values[name] = str(part)
    return values


def days_of(facts: LogFacts) -> Days:
    """Return the days on which rows of the session may lie."""
    audio_ms = facts.listing.audio_ms if facts.listing else 0
    return Days.of(facts.recorded_at_ms or 0, audio_ms)


def days_of_all(some: Sequence[LogFacts]) -> Days:
    """Return the days on which rows of these sessions may lie."""
    spans = [days_of(facts) for facts in some]
    first = min(span.first for span in spans)
    last = max(span.last for span in spans)
    return Days(first, last)


def _records(facts: LogFacts, recounted: Recounted) -> Iterator[Record]:
    """Yield the newest events of the session that the sink makes rows of."""
    if facts.listing is not None and facts.listed_at is not None:
        listed = facts.listed_at
        yield Record(topics.DIRECTORY, listed.partition, listed.offset, facts.listing)
    for number, window in recounted.windows.items():
        if window.is_stored:
            continue
        counted = facts.counted.get(number)
        if counted is None:
            yield Record(topics.COUNTED, 0, 0, window.counted)
        else:
            place = counted.place
            yield Record(topics.COUNTED, place.partition, place.offset, window.counted)
    if facts.totals is not None:
        yield Record(topics.CREDITED, 0, 0, with_overlap(facts.totals, recounted.speakers))
    for topic, event in _others(facts):
        yield Record(topic, 0, 0, event)


def _others(facts: LogFacts) -> Iterator[tuple[Topic, Event]]:
    if facts.identified is not None:
        yield topics.IDENTIFIED, facts.identified
    for attributed in facts.attributed.values():
        yield topics.ATTRIBUTED, attributed
    for claim in facts.claims.values():
        yield topics.CLAIMS_DECIDED, claim
    for verdict in facts.verdicts.values():
        yield topics.CLAIMS_DECIDED, verdict
    for words in facts.words_credited.values():
        yield topics.CREDITED, words
    for voice in facts.voice_credited.values():
        yield topics.CREDITED, voice
