"""Erasure of people: the folds release what is theirs, then their rows go."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from adapters.erasure.erasable_objects import is_erased
from consumers.erasure.step import AWAY_S, PATIENCE_S
from consumers.erasure.user_releases import GROUPS, OWN
from consumers.runtime.outcome import DeadLettered, Done, Postponed
from schemas import topics
from schemas.claim_events import ForgetRequested
from schemas.ids import UserId
from schemas.people_events import GroupAction, GroupChangeRequested
from schemas.rejections import Reason
from schemas.session_requests import EraseRequested
from tests.erasure_stores import (
    SESSION,
    SinkProgress,
    Stores,
    session_erased,
    statements_of,
    user_erased,
)
from tests.fakes import RecordedStatements

PERSON = user_erased().user_id
NAMED = [{"person": PERSON, "session_id": SESSION}]
FRIENDS = [{"person": PERSON, "group_id": "friends"}]


class SinkThatCatchesUp(SinkProgress):
    """It writes what it still had between two questions of the step."""

    def __init__(self, warehouse: RecordedStatements) -> None:
        super().__init__(passed=True)
        self._warehouse = warehouse

    def has_passed(self, ends: dict[tuple[str, int], int]) -> bool:
        self._warehouse.answers["FROM claim_changes FINAL"] = NAMED
        return super().has_passed(ends)


def test_the_folds_are_asked_to_release_what_is_a_persons_by_the_same_requests() -> None:
    on = Stores()
    on.warehouse.answers["FROM claim_changes FINAL"] = NAMED
    on.warehouse.answers[GROUPS] = FRIENDS
    for _ in range(2):
        on.process(topics.USERS_DECIDED, user_erased())
    first = on.published[:2]
    second = on.published[2:]
    assert first == second
    (to_credits, forget), (to_groups, leave) = first
    assert (to_credits, to_groups) == (topics.CLAIMS_REQUESTED, topics.GROUPS_REQUESTED)
    assert isinstance(forget, ForgetRequested)
    assert (forget.session_id, forget.by) == (SESSION, user_erased().user_id)
    assert isinstance(leave, GroupChangeRequested)
    assert (leave.group_id, leave.action) == ("friends", GroupAction.ERASE_MEMBER)


def test_a_persons_own_sessions_that_are_left_are_erased() -> None:
    """One that began at another gateway, and was listed after they asked, stayed for ever."""
    on = Stores()
    on.warehouse.answers[OWN] = NAMED
    for _ in range(2):
        on.process(topics.USERS_DECIDED, user_erased())
    ((topic, erase),) = on.published[:1]
    assert on.published[1:] == [(topic, erase)]
    assert topic is topics.INBOUND
    assert isinstance(erase, EraseRequested)
    asked = user_erased()
    assert (erase.session_id, erase.by) == (SESSION, asked.user_id)
    assert erase.occurred_at_ms == asked.occurred_at_ms


def test_nothing_is_overlooked_that_the_folds_have_yet_to_decide() -> None:
    """A session is listed by its fold: the sink had written all there was, and it came later."""
    fold = SinkProgress(passed=False)
    on = Stores(folds=[fold])
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    assert on.sink.asked == 0
    fold.passed = True
    on.process(topics.USERS_DECIDED, user_erased())
    assert (fold.asked, on.sink.asked) == (2, 2)


def test_a_fold_that_is_away_is_asked_once_for_each_thing() -> None:
    """Before, all was asked for again at each look: a thousand times in the hour of patience."""
    on = Stores(sink_has_passed=False)
    on.warehouse.answers[GROUPS] = FRIENDS
    for _ in range(3):
        assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    on.warehouse.answers["FROM claim_changes FINAL"] = NAMED
    on.sink.passed = True
    on.process(topics.USERS_DECIDED, user_erased())
    assert [type(event) for _, event in on.published] == [GroupChangeRequested, ForgetRequested]


def test_a_persons_rows_go_when_the_folds_and_the_sink_are_done() -> None:
    on = Stores(sink_has_passed=False)
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    on.sink.passed = True
    on.warehouse.answers["AS n"] = [{"n": 1}]
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    assert on.warehouse.commands == []
    on.warehouse.answers["AS n"] = [{"n": 0}]
    assert on.process(topics.USERS_DECIDED, user_erased()) == Done()
    assert on.sink.asked == 2  # before the folds are asked, and when they have answered
    found = statements_of(on.warehouse)
    assert found[0].startswith("INSERT INTO erased_users")  # the marker first
    of_requests = "ALTER TABLE requests DELETE WHERE requested_by = {user:String}"
    assert any(sql.startswith(of_requests) for sql in found[1:])
    assert all(sql.endswith("SETTINGS mutations_sync = 1") for sql in found[1:])
    values: Mapping[str, Any] = on.warehouse.commands[1][1]
    assert values["user"] == user_erased().user_id
    assert str(values["nobody"]).startswith("erased-")
    assert values["nobody"] != UserId(user_erased().user_id)


def test_nothing_is_overlooked_that_the_sink_writes_while_it_is_asked() -> None:
    warehouse = RecordedStatements()
    on = Stores(warehouse=warehouse, sink=SinkThatCatchesUp(warehouse))
    on.process(topics.USERS_DECIDED, user_erased())
    assert [type(event) for _, event in on.published] == [ForgetRequested]


def test_no_row_is_written_of_somebody_erased_by_a_fold_that_answers_late() -> None:
    """A merge may have moved a claim of which the warehouse does not know: nothing is left there.

    The fold then takes back the counts of that voice, and the sink writes zeros with the id.
    """
    fold = SinkProgress(passed=False)
    on = Stores(folds=[fold])
    on.warehouse.answers["FROM claim_changes FINAL"] = NAMED
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    assert [type(event) for _, event in on.published] == [ForgetRequested]
    fold.passed = True
    on.sink.passed = False  # the answer is there, and is not written
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    assert on.warehouse.commands == []
    on.sink.passed = True
    assert on.process(topics.USERS_DECIDED, user_erased()) == Done()
    assert not on.sink.is_connected
    assert not fold.is_connected


def test_answers_to_what_is_asked_last_are_waited_for_too() -> None:
    """All had answered when one thing was left. Rows of its answer came after the erasure."""
    fold = SinkProgress(passed=True)
    on = Stores(folds=[fold])
    on.warehouse.answers["AS n"] = [{"n": 1}]
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    on.warehouse.answers["FROM claim_changes FINAL"] = NAMED
    fold.passed = False
    on.warehouse.answers["AS n"] = [{"n": 0}]
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    assert on.warehouse.commands == []
    fold.passed = True
    assert on.process(topics.USERS_DECIDED, user_erased()) == Done()


def test_connections_are_held_while_a_person_waits_and_no_longer() -> None:
    on = Stores(sink_has_passed=False)
    others = replace(user_erased(), user_id=UserId("another"), event_id="")
    on.process_all(topics.USERS_DECIDED, [user_erased(), others])
    on.sink.passed = True
    on.process(topics.USERS_DECIDED, user_erased())
    assert on.sink.is_connected  # for the one who waits still
    on.process(topics.USERS_DECIDED, others)
    assert not on.sink.is_connected


def test_those_behind_an_erasure_that_waits_are_erased_at_once() -> None:
    on = Stores(sink_has_passed=False)
    waits, done = on.process_all(topics.DECIDED, [user_erased(), session_erased()])
    assert isinstance(waits, Postponed)
    assert isinstance(done, Done)
    assert is_erased(on.blobs, SESSION)


def test_nobody_waits_for_ever_for_a_fold_that_releases_nothing() -> None:
    on = Stores()
    on.warehouse.answers["AS n"] = [{"n": 1}]
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    while on.clock_s + AWAY_S < PATIENCE_S:
        on.clock_s += AWAY_S
        assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    on.clock_s = PATIENCE_S
    outcome = on.outcome(topics.USERS_DECIDED, user_erased())
    assert isinstance(outcome, DeadLettered)
    assert outcome.reason == Reason.ERASURE_WAITED
    assert statements_of(on.warehouse)[0].startswith("INSERT INTO erased_users")


def test_an_erasure_whose_partition_comes_back_waits_anew() -> None:
    """Before, it was a dead letter at the first look: its hour had passed at another member."""
    on = Stores(sink_has_passed=False)
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    on.clock_s = PATIENCE_S
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    on.sink.passed = True
    on.process(topics.USERS_DECIDED, user_erased())


class Slow(RecordedStatements):
    """To mark a session takes longer than an erasure that is away is remembered."""

    on: Stores

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.on.clock_s += 2 * AWAY_S
        super().insert(table, columns, rows)


def test_an_erasure_behind_slow_ones_is_not_away() -> None:
    """Before, it waited anew after each of them: somebody who erased many sessions held it up."""
    slow = Slow()
    on = slow.on = Stores(warehouse=slow)
    slow.answers["AS n"] = [{"n": 1}]
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    while on.clock_s < PATIENCE_S:
        on.process(topics.DECIDED, session_erased())
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), DeadLettered)


def test_an_erasure_that_another_member_ended_holds_no_connection() -> None:
    on = Stores(sink_has_passed=False)
    others = replace(user_erased(), user_id=UserId("another"), event_id="")
    on.process_all(topics.USERS_DECIDED, [user_erased(), others])
    on.sink.passed = True
    on.clock_s = PATIENCE_S
    on.process(topics.USERS_DECIDED, user_erased())
    assert not on.sink.is_connected
