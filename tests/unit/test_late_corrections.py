"""A request about voices and counts that comes late undoes nothing that was said since.

As from a dead letter that is sent back, weeks later perhaps.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.claim_events import (
    ClaimKind,
    ClaimRejected,
    ClaimRequested,
    CountJudged,
    Requested,
    Verdict,
)
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.session_events import RequestRejected
from schemas.session_requests import HintRequested, RecountRequested
from streams.answers import LATE_MS
from tests import credit_history as credited
from tests.credit_history import agree, claim, release, tag
from tests.session_history import OWNER, SESSION, run
from tests.unit.test_claim_history import number
from tests.unit.test_claim_history import undo as undo_claim
from tests.unit.test_corrections import again, hint, split, undo
from tests.unit.test_merging import READY, S1, S2, claimed, merge
from tests.verdict_history import LAHS, verdict, words

NEWER_MS = 10 * LATE_MS
MEI = UserId("mei")


def at(ms: int, event: Event) -> Event:
    """The same request, made at that moment under an id of its own."""
    return replace(event, occurred_at_ms=ms, request_id=f"at {ms}", event_id="")


def reasons(*events: Event) -> list[str]:
    sent = run([*READY, *events])
    return [event.reason for event in sent if isinstance(event, RequestRejected)]


SAID = {
    "hint": hint(OWNER, 4),
    "merge": merge(OWNER, S1, S2),
    "split": split(OWNER, S1),
}


@pytest.mark.parametrize("late", SAID.values(), ids=SAID)
@pytest.mark.parametrize("newer", SAID.values(), ids=SAID)
def test_a_correction_that_comes_late_undoes_no_newer_one(newer: Event, late: Event) -> None:
    """Before, an older number of people stood in the place of the newest."""
    said = [at(NEWER_MS, newer), *again(2)]
    assert reasons(*said, at(NEWER_MS - LATE_MS, late)) == ["said_since"]
    assert reasons(*said, at(NEWER_MS - LATE_MS + 1, replace(late))) == []


@pytest.mark.parametrize("late", SAID.values(), ids=SAID)
def test_a_correction_that_was_taken_back_since_does_not_hold_again(late: Event) -> None:
    taken_back = at(NEWER_MS + 1, undo(OWNER, 1))
    said = [at(NEWER_MS, merge(OWNER, S1, S2)), *again(2), taken_back, *again(3)]
    assert reasons(*said, at(NEWER_MS - LATE_MS, late)) == ["said_since"]


@pytest.mark.parametrize("late", [SAID["merge"], SAID["split"]], ids=["merge", "split"])
def test_a_voice_that_somebody_claimed_since_is_not_the_one_that_was_meant(late: Event) -> None:
    """Before, a merge with a voice that was free was a wish for that with its later owner's."""
    mine = at(NEWER_MS, claimed(S1, OWNER, OWNER))
    assert reasons(mine, at(NEWER_MS - LATE_MS, late)) == ["said_since"]
    assert reasons(mine, at(NEWER_MS - LATE_MS + 1, late)) == []


def test_a_claim_that_a_generation_moved_makes_no_request_late() -> None:
    moved = replace(claimed(S1, OWNER, UserId("")), occurred_at_ms=NEWER_MS, event_id="")
    assert reasons(moved, at(0, merge(OWNER, S1, S2))) == []


def test_words_are_not_counted_by_an_older_lexicon_again() -> None:
    def recount(ms: int, lexicon: str) -> RecountRequested:
        return RecountRequested(
            occurred_at_ms=ms, session_id=SESSION, request_id=lexicon, lexicon=lexicon
        )

    newest = [recount(NEWER_MS, "newer"), *again(2)]
    assert reasons(*newest, recount(NEWER_MS - LATE_MS, "older")) == ["said_since"]


def refused(*events: Event) -> list[str]:
    sent = credited.run([*credited.COUNTS, *events])
    return [event.reason for event in sent if isinstance(event, ClaimRejected)]


LATE_CLAIMS = {
    "claim": claim("late", "S1", "mei"),
    "tag": tag("late", "S1", "raj", by="mei"),
    "agreement": agree("late", "S1", "mei"),
}


@pytest.mark.parametrize("late", LATE_CLAIMS.values(), ids=LATE_CLAIMS)
def test_a_voice_that_was_let_go_since_is_not_claimed_again(late: Requested) -> None:
    """Before, it was its former person's once more, or somebody was asked again."""
    said = [
        replace(claim("c", "S1", "mei"), occurred_at_ms=NEWER_MS - 3, event_id=""),
        replace(release("r", "S1", "mei"), occurred_at_ms=NEWER_MS - 2, event_id=""),
        replace(tag("t", "S1", "mei"), occurred_at_ms=NEWER_MS - 1, event_id=""),
    ]
    letting_go = replace(release("r2", "S1", "mei"), occurred_at_ms=NEWER_MS, event_id="")
    if late.request_id == "late" and late is not LATE_CLAIMS["agreement"]:
        said.append(letting_go)
    newest_ms = said[-1].occurred_at_ms
    assert refused(*said, at(newest_ms - LATE_MS, late)) == ["claimed_since"]
    assert refused(*said, at(newest_ms - LATE_MS + 1, late)) == []


def test_an_undoing_that_comes_late_undoes_no_newer_change() -> None:
    """Before, it undid all changes that the same person had made since."""
    said: list[Event] = []
    for n, asked in enumerate([claim("c", "S1", "mei"), release("r", "S1", "mei")] * 2):
        newest_ms = NEWER_MS + n
        said.append(at(newest_ms, asked))
    change = number(*said[:2])
    late = at(newest_ms - LATE_MS, undo_claim("u", "mei", change))
    assert refused(*said, late) == ["claimed_since"]
    assert refused(*said, at(newest_ms - LATE_MS + 1, late)) == []


def test_a_guest_keeps_the_newest_name() -> None:
    def named(ms: int, name: str) -> ClaimRequested:
        asked = replace(claim(name, "S1", "mei"), kind=ClaimKind.GUEST, guest_name=name)
        return replace(asked, occurred_at_ms=ms, event_id="")

    newest = [named(1, "Tom"), named(NEWER_MS, "Tim")]
    assert refused(*newest, named(NEWER_MS - LATE_MS, "Jim")) == ["claimed_since"]


@pytest.mark.parametrize("newest", [Verdict.STRUCK, Verdict.NONE])
def test_a_verdict_that_comes_late_overwrites_no_newer_one(newest: Verdict) -> None:
    """Nor one that was taken back, also when a generation followed."""
    mine = claim("c", "S1", "mei")
    newer = at(NEWER_MS, verdict("v", LAHS[0], newest))
    late = at(NEWER_MS - LATE_MS, verdict("l", LAHS[0], Verdict.SAID))
    for since in ([], words(2, later_ms=500)):
        ms = LAHS[0] + (500 if since else 0)
        late = replace(late, said_at_ms=ms, event_id="")
        sent = credited.run([*words(), mine, newer, *since, late])
        assert [one.reason for one in sent if isinstance(one, ClaimRejected)] == ["judged_since"]
        judged = [one.verdict for one in sent if isinstance(one, CountJudged)]
        assert Verdict.SAID not in judged


NUMBERS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 5).map(lambda n: n * LATE_MS)), min_size=1
)


@given(NUMBERS)
def test_the_number_that_holds_was_said_last(said: list[tuple[int, int]]) -> None:
    """In whatever order hints come. Of two at one moment either may hold."""
    asked = [
        HintRequested(
            occurred_at_ms=ms, session_id=SESSION, request_id=f"h{n}", by=OWNER, speakers=speakers
        )
        for n, (speakers, ms) in enumerate(said)
    ]
    sent = run([*READY, *asked])
    rejected = {one.request_id for one in sent if isinstance(one, RequestRejected)}
    taken = [one for one in asked if one.request_id not in rejected]
    assert taken[-1].occurred_at_ms == max(ms for _, ms in said)


def test_a_label_is_a_voice_of_its_own() -> None:
    """A claim of one voice keeps no older claim of another out."""
    newer = replace(claim("c", "S1", "mei"), occurred_at_ms=NEWER_MS, event_id="")
    other = replace(claim("o", "S2", "raj"), speaker=SpeakerLabel("S2"), event_id="")
    assert refused(newer, other) == []
