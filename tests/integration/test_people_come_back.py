"""People who left, and rows of theirs that came back: each question is about many people."""

from datetime import UTC, datetime

from adapters.warehouse import Warehouse
from consumers.dlq.people import left_ms
from consumers.erasure.erased_people import LOOK_MS, SURE_MS, ErasedPeople
from consumers.erasure.user_erasure import Named, changes, erase
from consumers.erasure.user_releases import values_of, values_of_all
from schemas.claim_events import ForgetRequested
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import UserId
from schemas.people_events import UserErased
from tests.reference.telling import put

LEFT_MS = 1_900_000_000_000
BEFORE = datetime.fromtimestamp(LEFT_MS / 1000 - 1, UTC)
SINCE = datetime.fromtimestamp(LEFT_MS / 1000 + 1, UTC)
DAY = SINCE.date()
PEOPLE = ("before", "since", "both", "nobody", "claims", "joined")
WITH_ROWS = {"before": (BEFORE,), "since": (SINCE,), "both": (BEFORE, SINCE)}
ROW = {"speaker": "S1", "version": 1}


def left(user: str, ms: int = LEFT_MS) -> UserErased:
    return UserErased(occurred_at_ms=ms, user_id=UserId(user), request_id="r")


def dated(warehouse: Warehouse, user: str, at: datetime) -> None:
    """Rows with a time, of somebody, and rows of others that name them."""
    number = int(at == SINCE)
    of = {"session_id": f"of-{user}-{number}", **ROW}
    put(warehouse, "claims", {**of, "user_id": user, "claimed_by": "else", "claimed_at": at})
    by = {**of, "speaker": "S2"}
    put(warehouse, "claims", {**by, "user_id": "else", "claimed_by": user, "claimed_at": at})
    put(warehouse, "users", {"user_id": user, "changed_at": at, "revision": number})
    put(warehouse, "shares", {"share": f"{user}-{number}", "user_id": user, "made_at": at})
    group = {"group_id": f"g{number}", "revision": 1}
    put(warehouse, "group_members", {**group, "user_id": user, "role": "member", "joined_at": at})


def undated(warehouse: Warehouse, user: str) -> None:
    """Rows without a time: those of a voice, of a list, and of snapshots."""
    voice = {"user_id": user, "session_id": "voices", **ROW}
    put(warehouse, "user_days", {**voice, "day": DAY})
    put(warehouse, "user_voices", {**voice, "company": []})
    company = {**voice, "user_id": f"beside-{user}", "company": [user, "else"]}
    put(warehouse, "user_voices", company)
    put(warehouse, "published_days", {"day": DAY, "users": [user], "spoken": [1], "version": 1})
    of_period = {"first": DAY, "last": DAY, "snapshot": 1, "total": 1, "former": 1}
    put(warehouse, "cohort_people", {**of_period, "user_id": user})


def test_a_question_names_those_whose_rows_a_statement_changes(warehouse: Warehouse) -> None:
    for user, moments in WITH_ROWS.items():
        undated(warehouse, user)
        for at in moments:
            dated(warehouse, user, at)
    for user in ("claims", "joined"):
        undated(warehouse, user)
    claim = {"kind": "self", "user_id": "claims", "claimed_by": "claims", "claimed_at": SINCE}
    put(warehouse, "claims", {"session_id": "voices", "speaker": "S1", "version": 2, **claim})
    for number, at in enumerate((BEFORE, SINCE)):
        member = {"group_id": f"g{number}", "revision": 1, "user_id": "joined", "role": "member"}
        put(warehouse, "group_members", {**member, "joined_at": at})
        names = [*WITH_ROWS, "joined"]
        put(warehouse, "groups", {"group_id": f"g{number}", "members": names, "owner": "joined"})
    events = [left(user) for user in PEOPLE]
    some = 0
    for change in changes():
        look = f"SELECT 1 AS one FROM {change.table} WHERE {change.where} LIMIT 1"  # noqa: S608
        expected = {one.user_id for one in events if warehouse.query(look, values_of(one))}
        found = warehouse.query(change.question, values_of_all(events), row=Named)
        assert {row.person for row in found} == expected, change.table
        some += 0 < len(expected) < len(PEOPLE)
    assert some > len(changes()) // 2


def test_a_tag_of_somebody_who_did_nothing_since_they_left_goes(warehouse: Warehouse) -> None:
    """Before, the id of somebody who had left was kept with it, as long as the session."""
    published: list[tuple[Topic, Event]] = []
    people = ErasedPeople(warehouse, lambda: LEFT_MS, published.extend)
    tag = {"kind": "tag", "claimed_by": "friend", "claimed_at": SINCE, "version": 1}
    for user in ("away", "here"):
        people.mark(left(user))
        put(
            warehouse,
            "claims",
            {"session_id": f"tag-{user}", "speaker": "S1", "user_id": user, **tag},
        )
    put(warehouse, "users", {"user_id": "here", "changed_at": SINCE, "revision": 1})
    people.look(LEFT_MS + LOOK_MS + SURE_MS)
    named = "SELECT user_id FROM claims WHERE startsWith(session_id, 'tag-') ORDER BY session_id"
    assert [row["user_id"] for row in warehouse.query(named)] == ["", "here"]
    ((_, asked),) = published
    assert isinstance(asked, ForgetRequested)
    assert (asked.session_id, asked.by) == ("tag-away", "away")
    assert asked.occurred_at_ms == LEFT_MS + LOOK_MS


def test_a_tag_of_somebody_who_left_keeps_no_counts_of_before(warehouse: Warehouse) -> None:
    """Before, they were theirs again as soon as somebody else named them."""
    named = {"session_id": "named", "speaker": "S1", "user_id": "tagged"}
    put(warehouse, "user_days", {**named, "day": DAY, "version": 1})
    put(warehouse, "claims", {**named, "kind": "tag", "claimed_at": SINCE, "version": 1})
    erase(warehouse, left("tagged"))
    assert warehouse.query("SELECT day FROM user_days WHERE user_id = 'tagged'") == []


def test_the_latest_of_several_people_who_left_is_known(warehouse: Warehouse) -> None:
    """A letter about what they asked for before is not sent back."""
    for user, ms in (("gone", LEFT_MS), ("gone", LEFT_MS + 7), ("earlier", LEFT_MS - 5)):
        at = datetime.fromtimestamp(ms / 1000, UTC)
        put(warehouse, "erased_users", {"user_id": user, "until": at, "erased_at": at})
    assert left_ms(warehouse, ["earlier", "gone", "there"]) == LEFT_MS + 7
    assert left_ms(warehouse, ["earlier"]) == LEFT_MS - 5
    assert left_ms(warehouse, ["there"]) == 0
