"""Pure: what the owners of voices say of single counts. A verdict is a fact about the recording.

It names the count by its place, so that it holds after a recount, a merge and a late chunk. Where a
new generation has the word a little earlier or later, the verdict goes with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace as changed

from msgspec.structs import replace

from schemas.claim_events import CountJudged, Decided, Verdict, VerdictRequested
from schemas.event import SessionEvent
from schemas.ids import NOBODY, SpeakerLabel, UserId, derived_id
from schemas.nearest import nearest_pairs
from streams.answers import Answer, digest
from streams.credits import events
from streams.credits.claims import unknown
from streams.credits.counts import Moments, WindowCounts
from streams.credits.settling import merged_into
from streams.credits.state import Credits, Judged, Ledger
from streams.credits.totals import days_of, with_totals

NEAR_MS = 750
"""A word that is transcribed again begins that much earlier or later at most."""
MOST_VERDICTS = 1_000
"""Of one session. A verdict takes some eighty bytes of the fold's state."""
Place = tuple[SpeakerLabel, str, int]


def answer(state: Credits, event: VerdictRequested) -> Credits:
    """Returns the session after the request. A repeat changes nothing.

    It is answered with the verdict that holds now: the warehouse keeps the answer, and another
    request or a generation may have replaced it since. An erased session gives the same answer to
    everybody: nothing of them is remembered.
    """
    ledger = state.known
    if ledger.erased:
        return changed(state, decided=(events.rejected(event, "erased"),))
    given = ledger.answers.get(event.request_id, event)
    count = _asked(state, event)
    if given is None:
        reason = _refusal(ledger, event, count)
        if reason is None:
            ledger = _judged(state, count)
        given = Answer(digest(event), ledger.version, reason)
        ledger = replace(ledger, answers=ledger.answers.adding(event.request_id, given))
    answered = _answered(event, given, _as_it_is(ledger, count))
    return changed(state, ledger=ledger, decided=(answered,))


def _as_it_is(ledger: Ledger, count: Judged) -> Judged:
    for judged in ledger.verdicts:
        if judged.place == count.place:
            return replace(count, verdict=judged.verdict)
    return replace(count, verdict=Verdict.NONE)


def _answered(event: VerdictRequested, given: Answer, count: Judged) -> Decided:
    if given.reason is not None:
        return events.rejected(event, given.reason)
    return events.judged(event, event.request_id, event.by, count, given.number)


def _asked(state: Credits, event: VerdictRequested) -> Judged:
    """The count that is meant, with its verdict. `day` is empty where there is no such count."""
    wanted = Judged(
        speaker=event.speaker,
        word=event.word,
        said_at_ms=event.said_at_ms,
        day="",
        verdict=event.verdict,
    )
    found = _nearest(list(_counts(state.shown)), wanted)
    return wanted if found is None else replace(found, verdict=event.verdict)


def _refusal(ledger: Ledger, event: VerdictRequested, count: Judged) -> str | None:
    reason = unknown(ledger, event.speaker)
    if reason is not None:
        return reason
    if event.by not in _judges(ledger, event.speaker):
        return "not_yours"
    if not count.day:
        return "no_such_count"
    return "too_many_verdicts" if len(ledger.verdicts) >= MOST_VERDICTS else None


def _judges(ledger: Ledger, speaker: SpeakerLabel) -> set[UserId]:
    """The user whose voice it is; of a guest's voice the user who named the guest."""
    claim = ledger.claims.get(speaker)
    return {claim.user_id or claim.by} if claim else set()


def _judged(state: Credits, count: Judged) -> Ledger:
    ledger = state.known
    verdicts = tuple(one for one in ledger.verdicts if one.place != count.place)
    if count.verdict is not Verdict.NONE:
        verdicts = (*verdicts, count)
    ledger = replace(ledger, verdicts=verdicts, changes=ledger.changes + 1)
    return _recounted(ledger, state.shown)


def _recounted(ledger: Ledger, shown: Sequence[WindowCounts]) -> Ledger:
    assert ledger.totals is not None
    days = days_of(applied(ledger.verdicts, shown))
    return with_totals(ledger, replace(ledger.totals, days=days))


def applied(verdicts: Sequence[Judged], shown: Sequence[WindowCounts]) -> list[WindowCounts]:
    """Returns the counts without those that are struck, and with the maybes that were said."""
    of = {one.place: one.verdict for one in verdicts if one.is_here}
    if not of:
        return list(shown)
    return [_applied(of, window) for window in shown]


def _applied(of: dict[Place, Verdict], window: WindowCounts) -> WindowCounts:
    said: dict[SpeakerLabel, Moments] = {}
    for count in _counts_of(window.said):
        if of.get(count.place) is not Verdict.STRUCK:
            _add(said, count)
    for count in _counts_of(window.maybe):
        if of.get(count.place) is Verdict.SAID:
            _add(said, count)
    return replace(window, said=said)


def _add(said: dict[SpeakerLabel, Moments], count: Judged) -> None:
    days = said.setdefault(count.speaker, {})
    words = days.setdefault(count.day, {})
    moments = [*words.get(count.word, ()), count.said_at_ms]
    words[count.word] = tuple(sorted(moments))


def settled(
    before: Credits, state: Credits, event: SessionEvent
) -> tuple[Ledger, list[CountJudged]]:
    """Returns the ledger of a new generation with each verdict where its count is, and notices.

    A count takes one verdict. A verdict whose count is not there waits for a later generation.
    """
    ledger = state.known
    if not ledger.verdicts:
        return ledger, []
    wanted = [_where_now(ledger, verdict) for verdict in ledger.verdicts]
    found = _paired(wanted, _unjudged(before, ledger), state.shown)
    kept = [
        replace(
            found.get(n, verdict),
            verdict=verdict.verdict,
            given_to=verdict.given_to,
            is_here=n in found,
        )
        for n, verdict in enumerate(wanted)
    ]
    ledger = replace(ledger, verdicts=tuple(kept), changes=ledger.changes + 1)
    ledger = _recounted(ledger, state.shown)
    return ledger, _moves(before.known, ledger, event)


def _where_now(ledger: Ledger, verdict: Judged) -> Judged:
    """The verdict, on the voice that has the words of the voice that it was given to."""
    given_to = verdict.given_to or verdict.speaker
    return replace(verdict, speaker=merged_into(ledger, given_to) or given_to, given_to=given_to)


def _unjudged(before: Credits, ledger: Ledger) -> list[Judged]:
    """The counts of the generation before that have no verdict, on the voices of now."""
    judged = {one.place for one in before.known.verdicts}
    counts = {count.place: count for count in _counts(before.shown) if count.place not in judged}
    return [_where_now(ledger, count) for count in counts.values()]


def _paired(
    wanted: Sequence[Judged], unjudged: Sequence[Judged], shown: Sequence[WindowCounts]
) -> dict[int, Judged]:
    """Index in `wanted` -> its count. Of equal ones the later verdict goes first.

    A count at the very place of one before is that one: words that are not transcribed again keep
    their moments. Counts without a verdict are looked for as well: a verdict must not go to one.
    """
    by_place = {count.place: count for count in _counts(shown)}
    latest_first = range(len(wanted) - 1, -1, -1)
    found: dict[int, Judged] = {}
    for n in latest_first:
        if wanted[n].place in by_place:
            found[n] = by_place.pop(wanted[n].place)
    moved = [one for one in unjudged if by_place.pop(one.place, None) is None]
    left = [n for n in latest_first if n not in found]
    looked_for = [_named(wanted[n]) for n in left] + [_named(one) for one in moved]
    counts = [by_place[place] for place in sorted(by_place)]
    pairs = nearest_pairs(looked_for, [_named(count) for count in counts], NEAR_MS)
    for one, other in pairs.items():
        if one < len(left):
            found[left[one]] = counts[other]
    return found


def _named(count: Judged) -> tuple[tuple[SpeakerLabel, str], int]:
    return (count.speaker, count.word), count.said_at_ms


def _moves(before: Ledger, after: Ledger, event: SessionEvent) -> list[CountJudged]:
    """The places that lost their verdict, then those that have one now, or another one."""
    was = {one.place: one for one in before.verdicts if one.is_here}
    now = {one.place: one for one in after.verdicts if one.is_here}
    gone = sorted(was.keys() - now.keys())
    moved = [replace(was[place], verdict=Verdict.NONE) for place in gone]
    for place in sorted(now):
        former = was.get(place)
        if former is None or former.verdict is not now[place].verdict:
            moved.append(now[place])
    generation = after.totals.generation if after.totals else 0
    notices: list[CountJudged] = []
    for one in moved:
        notice = derived_id("Judged", event.session_id, generation, *one.place)
        notices.append(events.judged(event, notice, NOBODY, one, after.version))
    return notices


def _nearest(counts: Sequence[Judged], wanted: Judged) -> Judged | None:
    pairs = nearest_pairs([_named(wanted)], [_named(count) for count in counts], NEAR_MS)
    return counts[pairs[0]] if pairs else None


def _counts(windows: Sequence[WindowCounts]) -> Iterator[Judged]:
    """Every count, sure or maybe, without a verdict."""
    for window in windows:
        yield from _counts_of(window.said)
        yield from _counts_of(window.maybe)


def _counts_of(said: Mapping[SpeakerLabel, Moments]) -> Iterator[Judged]:
    for speaker, moments in said.items():
        for day, words in moments.items():
            yield from _of_day(speaker, day, words)


def _of_day(
    speaker: SpeakerLabel, day: str, words: Mapping[str, tuple[int, ...]]
) -> Iterator[Judged]:
    for word, times in words.items():
        for said_at_ms in times:
            yield Judged(
                speaker=speaker, word=word, said_at_ms=said_at_ms, day=day, verdict=Verdict.NONE
            )
