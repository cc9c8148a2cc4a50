"""Nothing in a table grows with the number of events that a session ever saw."""

import msgspec
import pytest
from msgspec.structs import replace

from schemas.claim_events import ClaimKind, ClaimRequested, ReleaseRequested
from schemas.ids import UserId
from schemas.retention import MARKS_MS
from schemas.session_events import RequestAccepted, RequestRejected, Tick
from schemas.session_requests import HintRequested, SplitRequested
from streams.attribution.fold import decide
from streams.attribution.state import Attribution, StageResult
from streams.credits.fold import fold as credits_fold
from streams.sessions.correcting import SHARE
from streams.view import View
from tests import folding
from tests.credit_history import identified, sealed
from tests.guide.memory_stack import NOW_MS
from tests.guide.phone import OWNER, SESSION
from tests.recorded_sessions import counted, erased, expired, recording, settled
from tests.recorded_stack import S1, Recording

FOLDS_OF_SESSIONS = ("sessions", "attribution", "tally", "credits")


def size(on: Recording, fold: str) -> int:
    """Bytes of a table without the answers, of which a fixed number is kept."""
    held = 0
    for body in on.tables[fold].values():
        value = msgspec.json.decode(body)
        value.pop("answers", None)
        held += len(msgspec.json.encode(value))
    return held


def used(rounds: int) -> Recording:
    """A session that is counted, claimed, released and recorded further, many times."""
    on = counted()
    for n in range(10, 10 + rounds):
        on.ask(HintRequested, by=OWNER, speakers=2)
        user = UserId(f"user-{n}")
        on.ask(ClaimRequested, speaker=S1, by=user, kind=ClaimKind.SELF)
        on.ask(ReleaseRequested, speaker=S1, by=user)
        on.phone.chunk(1)
    return on


@pytest.mark.parametrize("fold", FOLDS_OF_SESSIONS)
def test_a_table_does_not_grow_with_generations_and_claims(fold: str) -> None:
    few = used(10)
    many = used(30)
    assert len(many.tables[fold]) == len(few.tables[fold])
    assert size(many, fold) - size(few, fold) <= 10 * len(many.tables[fold])  # longer numbers


@pytest.mark.parametrize("fold", ["sessions", "attribution", "tally"])
def test_a_session_shrinks_to_a_line_when_its_text_expires(fold: str) -> None:
    assert list(expired().tables[fold]) == [SESSION]
    assert size(expired(), fold) < 1_000


@pytest.mark.parametrize("fold", FOLDS_OF_SESSIONS)
def test_the_mark_of_an_erased_session_stays_as_long_as_events_may_be_replayed(fold: str) -> None:
    on = erased()
    on.ask(Tick, now_ms=NOW_MS + MARKS_MS - 1)
    assert list(on.tables[fold]) == [SESSION]


@pytest.mark.parametrize("fold", FOLDS_OF_SESSIONS)
def test_the_mark_of_an_erased_session_leaves(fold: str) -> None:
    assert settled().tables[fold] == {}


def test_provisional_answers_are_not_kept_after_the_end() -> None:
    on = recording()
    on.phone.stop(4)
    assert b'"through"' not in on.tables["attribution"][SESSION]


def test_gaps_are_not_written_again_with_every_window() -> None:
    """Before, a row of 50 kB was, for a talk of which every second chunk was lost."""
    lost = tuple((n * 8_640, n * 8_640 + 4_000) for n in range(2_500))
    seal = replace(sealed(), gaps=lost)
    credits_table: dict[str, bytes] = {}
    folding.run(credits_fold, [seal, identified()], credits_table)
    results = View[StageResult](lambda _: None)
    joined = decide(Attribution(seal.session_id, None, results), seal, None)
    assert len(credits_table[seal.session_id]) < 2_000
    assert len(msgspec.json.encode(joined.join)) < 2_000


def test_a_session_has_a_limit_of_corrections() -> None:
    on = counted()
    for _ in range(SHARE.of_person + 1):
        on.ask(SplitRequested, by=OWNER, speaker=S1)
    assert len(on.said(RequestAccepted)) == SHARE.of_person
    assert [answer.reason for answer in on.said(RequestRejected)] == ["too_many_corrections"]
