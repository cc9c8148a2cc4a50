"""Pure: what the owners of voices say of single counts. A verdict is a fact about the recording.

It names the count by its place, so that it holds after a recount, a merge and a late chunk. Where a
new generation has the word a little earlier or later, the verdict goes with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace as changed

from msgspec.structs import replace

from schemas.claim_events import CountJudged, Decided, Verdict, VerdictRequested
from schemas.event import SessionEvent
from schemas.ids import NOBODY, SpeakerLabel, UserId, derived_id
from streams.answers import Answer, digest, is_older
from streams.credits import events
from streams.credits.claims import unanswerable
from streams.credits.count_pairs import (
    counts_of,
    counts_of_word,
    every_count,
    near_counts,
    paired,
    places_of,
)
from streams.credits.counts import Moments, WindowCounts
from streams.credits.settling import merged_into
from streams.credits.state import Credits, Judged, Ledger, Place
from streams.credits.totals import days_of, with_totals
from streams.each_person import Share, stand_in

SHARE = Share(of_person=1_000, of_all=3_000)
"""Verdicts of one session. One takes at most 240 bytes of the fold's state."""
MOST_TAKEN_BACK = 100
"""Verdicts that were taken back and are remembered: an older one may come late."""


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
    judged = _verdict_on(ledger, count)
    return replace(count, verdict=judged.verdict if judged else Verdict.NONE)


def _verdict_on(ledger: Ledger, count: Judged) -> Judged | None:
    """The verdict that holds on a count."""
    return next((one for one in ledger.verdicts if one.place == count.place), None)


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
    by = stand_in(event.session_id, event.by)
    near = near_counts([wanted], list(counts_of_word(state.shown, event.speaker, event.word)))
    count = near.get(0, wanted)
    return replace(count, verdict=event.verdict, by=by, made_ms=event.occurred_at_ms)


def _refusal(ledger: Ledger, event: VerdictRequested, count: Judged) -> str | None:
    reason = unanswerable(ledger, event)
    if reason is not None:
        return reason
    if event.by not in _judges(ledger, event):
        return "not_yours"
    if not count.day:
        return "no_such_count"
    former = _verdict_on(ledger, count)
    if former is not None and is_older(event, former.made_ms):
        return "judged_since"
    return None if _has_room(ledger, count) else "too_many_verdicts"


def _has_room(ledger: Ledger, count: Judged) -> bool:
    """Whether the verdict is one more for its person. One in place of another always has room."""
    held = [verdict for verdict in ledger.verdicts if verdict.verdict is not Verdict.NONE]
    if any(verdict.place == count.place for verdict in held):
        return True
    return not SHARE.is_used_up([verdict.by for verdict in held], count.by)


def _judges(ledger: Ledger, event: VerdictRequested) -> set[UserId]:
    """The user whose voice it is; of a guest's voice the user who named the guest.

    A user who named a guest and left the table since hears nothing of that voice.
    """
    claim = ledger.claims.get(event.speaker)
    if claim is None:
        return set()
    if claim.user_id is not None:
        return {claim.user_id}
    return {claim.by} if event.at_table else set()


def _judged(state: Credits, count: Judged) -> Ledger:
    """The ledger with the verdict on a count in place of the former one."""
    ledger = state.known
    verdicts = [verdict for verdict in ledger.verdicts if verdict.place != count.place]
    verdicts.append(count)
    taken_back = [verdict for verdict in verdicts if verdict.verdict is Verdict.NONE]
    for oldest in taken_back[:-MOST_TAKEN_BACK]:
        verdicts.remove(oldest)
    ledger = replace(ledger, verdicts=tuple(verdicts), changes=ledger.changes + 1)
    return _recounted(ledger, state.shown)


def _recounted(ledger: Ledger, shown: Sequence[WindowCounts]) -> Ledger:
    """The ledger with totals that its verdicts are applied to."""
    assert ledger.totals is not None
    days = days_of(applied(ledger.verdicts, shown))
    return with_totals(ledger, replace(ledger.totals, days=days))


def applied(verdicts: Sequence[Judged], shown: Sequence[WindowCounts]) -> list[WindowCounts]:
    """Returns the counts without those that are struck, and with the maybes that were said.

    A window without a verdict is returned as it is: a long talk has thousands.
    """
    verdict_at = {verdict.place: verdict.verdict for verdict in verdicts if verdict.is_here}
    if not verdict_at:
        return list(shown)
    return [_applied(verdict_at, window) for window in shown]


def _applied(verdict_at: Mapping[Place, Verdict], window: WindowCounts) -> WindowCounts:
    if verdict_at.keys().isdisjoint(places_of(window)):
        return window
    said: dict[SpeakerLabel, Moments] = {}
    for count in counts_of(window.said):
        if verdict_at.get(count.place) is not Verdict.STRUCK:
            _add(said, count)
    for maybe in counts_of(window.maybe):
        if verdict_at.get(maybe.place) is Verdict.SAID:
            _add(said, maybe)
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
    found = paired(wanted, _unjudged(before, ledger), state.shown)
    kept = [_on_count(verdict, found.get(n)) for n, verdict in enumerate(wanted)]
    ledger = replace(ledger, verdicts=tuple(kept))
    changed_verdicts = _changed_verdicts(before.known, ledger)
    if changed_verdicts:
        # A generation that changes no verdict may be overtaken: whether it was, no version says.
        ledger = replace(ledger, changes=ledger.changes + 1)
    ledger = _recounted(ledger, state.shown)
    return ledger, _notices(ledger, changed_verdicts, event)


def _on_count(verdict: Judged, count: Judged | None) -> Judged:
    """The verdict at the place of its count; it waits where it is while there is none."""
    if count is None:
        return replace(verdict, is_here=False)
    return replace(verdict, said_at_ms=count.said_at_ms, day=count.day, is_here=True)


def _where_now(ledger: Ledger, verdict: Judged) -> Judged:
    """The verdict, on the voice that has the words of the voice that it was given to."""
    given_to = verdict.given_to or verdict.speaker
    speaker = merged_into(ledger, given_to) or given_to
    return replace(verdict, speaker=speaker, given_to=given_to)


def _unjudged(before: Credits, ledger: Ledger) -> list[Judged]:
    """The counts of the generation before that have no verdict, on the voices of now."""
    unjudged = {count.place: count for count in every_count(before.shown)}
    for verdict in before.known.verdicts:
        unjudged.pop(verdict.place, None)
    return [_where_now(ledger, count) for count in unjudged.values()]


def _notices(
    ledger: Ledger, changed_verdicts: Sequence[Judged], event: SessionEvent
) -> list[CountJudged]:
    """One event for each place whose verdict is another one than before."""
    notices: list[CountJudged] = []
    for verdict in changed_verdicts:
        request = derived_id("Judged", event.session_id, ledger.generation, *verdict.place)
        notices.append(events.judged(event, request, NOBODY, verdict, ledger.version))
    return notices


def _changed_verdicts(before: Ledger, after: Ledger) -> list[Judged]:
    """The places that lost their verdict, then those that have one now, or another one."""
    former = _by_place(before)
    now = _by_place(after)
    changed_verdicts: list[Judged] = []
    for place in sorted(former.keys() - now.keys()):
        lost = replace(former[place], verdict=Verdict.NONE)
        changed_verdicts.append(lost)
    for place in sorted(now):
        is_new = place not in former
        if is_new or former[place].verdict is not now[place].verdict:
            changed_verdicts.append(now[place])
    return changed_verdicts


def _by_place(ledger: Ledger) -> dict[Place, Judged]:
    """The verdicts that hold on a count that is there, by its place."""
    held = [one for one in ledger.verdicts if one.is_here and one.verdict is not Verdict.NONE]
    return {verdict.place: verdict for verdict in held}
