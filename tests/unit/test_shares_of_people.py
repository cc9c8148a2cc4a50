"""Nobody uses up what others may say of a session: each person has a share, and all have more."""

import json

from msgspec.structs import replace

from schemas.claim_events import ClaimRejected, CountJudged, Verdict, VerdictRequested
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.session_events import RequestRejected
from schemas.session_requests import MergeRequested
from streams.credits import verdicts
from streams.credits.fold import fold
from streams.sessions import correcting
from streams.sessions.merging import WISHES
from tests import folding
from tests.credit_history import SESSION, claim, release
from tests.session_history import RECORDED, identified, run, silent, totalled
from tests.unit.test_corrections import split
from tests.unit.test_merging import ANN, BEN, CAT, READY, S1, S2, S3, claimed, merge
from tests.verdict_history import LAHS, MEI, verdict

RAJ = claim("c2", "S2", "raj")
BY_MEI = verdict("v", LAHS[0])
BY_RAJ = verdict("w", LAHS[0], by="raj", speaker="S2")


def judged(count: int, *more: Event, by_each: tuple[VerdictRequested, ...] = (BY_MEI,)) -> Event:
    """The answer to the last request, when each of these people had given so many verdicts."""
    table: dict[str, bytes] = {}
    folding.run(fold, [*MEI, RAJ, *by_each], table)
    ledger = json.loads(table[SESSION])
    given = ledger["verdicts"]
    for one in tuple(given):
        elsewhere = [{**one, "said_at_ms": -n, "is_here": False} for n in range(1, count)]
        given.extend(elsewhere)
    table[SESSION] = json.dumps(ledger).encode()
    return folding.run(fold, list(more), table)[-1]


def reason(answer: Event) -> str:
    return answer.reason if isinstance(answer, ClaimRejected | RequestRejected) else ""


def test_one_persons_verdicts_stop_nobody_else() -> None:
    most = verdicts.SHARE.of_person
    assert reason(judged(most, verdict("x", LAHS[1]))) == "too_many_verdicts"
    assert reason(judged(most - 1, verdict("x", LAHS[1]))) == ""
    assert reason(judged(most, BY_RAJ)) == ""


def test_a_voice_that_changes_hands_brings_no_fresh_share() -> None:
    most = verdicts.SHARE.of_person
    other = (release("r", "S2", "raj"), claim("c3", "S2", "mei"))
    by_mei = verdict("x", LAHS[0], speaker="S2")
    assert reason(judged(most, *other, by_mei)) == "too_many_verdicts"
    taken = (release("r", "S1", "mei"), claim("c3", "S1", "raj"))
    assert reason(judged(most, *taken, verdict("x", LAHS[1], by="raj"))) == ""


def test_all_verdicts_together_have_a_bound() -> None:
    each = verdicts.SHARE.of_all // 2
    last = verdict("x", LAHS[1])
    assert reason(judged(each, last, by_each=(BY_MEI, BY_RAJ))) == "too_many_verdicts"


def test_a_verdict_is_changed_and_taken_back_whatever_the_bound() -> None:
    """Before, the thousandth could not be taken back."""
    for said in (Verdict.NONE, Verdict.SAID):
        answer = judged(verdicts.SHARE.of_person, verdict("x", LAHS[0], said))
        assert isinstance(answer, CountJudged)
        assert answer.verdict is said


def corrected(count: int, *more: Event) -> str:
    """The reason against the last request, when Cat had split so many voices."""
    table: dict[str, bytes] = {}
    run([*READY, split(CAT, S1)], table)
    session = json.loads(table[SESSION])
    one = session["corrections"][0]
    session["corrections"] = [{**one, "number": n} for n in range(1, count + 1)]
    session["corrections_made"] = count
    session["state"] = "ready_for_claiming"
    session["speakers"] = [S1, S2, S3]
    table[SESSION] = json.dumps(session).encode()
    found = [event for event in run(list(more), table) if isinstance(event, RequestRejected)]
    return reason(found[-1]) if found else ""


def test_one_persons_corrections_stop_nobody_else() -> None:
    most = correcting.SHARE.of_person
    assert corrected(most, split(CAT, S2)) == "too_many_corrections"
    assert corrected(most - 1, split(CAT, S2)) == ""
    assert corrected(most, split(BEN, S2)) == ""
    assert corrected(most, merge(BEN, S2, S3)) == ""
    assert corrected(correcting.SHARE.of_all, split(BEN, S2)) == "too_many_corrections"


def wished(by: UserId, target: SpeakerLabel, source: SpeakerLabel) -> MergeRequested:
    return replace(merge(by, target, source), request_id=f"{by} {target} {source}", event_id="")


def test_one_persons_wishes_push_nobody_elses_out() -> None:
    """Ben answers Ann's wish, whatever Cat wished meanwhile."""
    labels = [SpeakerLabel(f"S{n}") for n in range(4, 6 + WISHES.of_person)]
    voices = [claimed(label, BEN, BEN) for label in labels]
    ours = [claimed(S1, ANN, ANN), claimed(S2, BEN, BEN), claimed(S3, CAT, CAT), *voices]
    every = identified(1, S1, S2, S3, *labels)
    known = [*RECORDED, silent(1), totalled(1), every]
    flood = [wished(CAT, S3, label) for label in labels]
    asked = [wished(ANN, S1, S2), *flood, wished(BEN, S1, S2)]
    found = [event for event in run([*known, *ours, *asked]) if isinstance(event, RequestRejected)]
    assert [event.reason for event in found] == ["needs_both"] * (1 + len(flood))
