"""Erased data is gone from every store. Nothing on its way brings it back.

No replay does either: `tests/end_to_end/test_replay.py`.
"""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from adapters.objects.s3 import S3BlobStore
from adapters.warehouse import Warehouse
from deploy.demo.phone_session import FASTEST, About, record, steadily
from deploy.devstack.running_stack import RunningStack
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from producers.phone.client import Phone
from schemas.ids import SessionId
from schemas.object_kinds import expired_prefixes
from tests.integration.conftest import WHOLE, short, started
from tests.integration.erased_data import dead_letters, objects, rows
from tests.integration.people import Person, counts_of, problem
from tests.integration.phones import RawPhone, flac
from tests.integration.test_authorisation import START

HEARD_S = 300.0
"""A busy machine may need so long for a window."""


@pytest.fixture
def warehouse(stack: RunningStack) -> Warehouse:
    return Warehouse(stack.settings)


@pytest.fixture
def blobs(stack: RunningStack) -> S3BlobStore:
    return S3BlobStore(stack.settings)


@pytest.fixture
def person(stack: RunningStack) -> Callable[[str], Person]:
    return lambda name: Person(stack.settings, f"{name}-{uuid4()}")


def test_an_erased_session_is_gone_everywhere(
    stack: RunningStack, warehouse: Warehouse, blobs: S3BlobStore, person: Callable[[str], Person]
) -> None:
    owner = person("owner")
    stranger = person("stranger")
    session_id = started(stack, owner, None)
    path = f"/v1/sessions/{session_id}"
    owner.done("POST", f"{path}/claims", {"speaker": "S1", "claim": "self"})
    until(lambda: counts_of(owner), bool)
    until(lambda: len(rows(warehouse, "session_id", session_id)), lambda n: n > 8)
    stack.await_quiet()  # the totals have this session's words, beside those of other tests
    daily = "SELECT sum(count) AS n FROM word_daily FINAL"
    before = warehouse.query(daily)[0]["n"]
    assert objects(blobs, session_id)
    assert problem(stranger.ask("DELETE", path)) == "no-such-session"
    assert owner.done("DELETE", path)["outcome"] == "erased"
    assert objects(blobs, session_id) == []  # at once: the answer is not given before
    assert {
        problem(owner.ask("POST", f"{path}/hints", {"speakers": 2})),
        problem(owner.ask("PUT", path, START)),
    } == {"erased"}
    until(lambda: rows(warehouse, "session_id", session_id), lambda found: not found)
    assert counts_of(owner) == 0
    assert owner.get(path).status_code == 404
    assert session_id not in {one["session_id"] for one in owner.read("/v1/sessions")["sessions"]}
    until(lambda: warehouse.query(daily)[0]["n"], lambda now: now < before)
    assert owner.done("DELETE", path)["outcome"] == "erased"


def test_erased_while_it_is_worked_on(
    stack: RunningStack, warehouse: Warehouse, blobs: S3BlobStore, person: Callable[[str], Person]
) -> None:
    stack.await_quiet()  # no letter of another test is on its way
    before = dead_letters(stack)
    owner = person("owner")
    session_id = new_session_id()
    phone = Phone(stack.settings.url("gateway"), owner.token)
    record(
        phone,
        session_id,
        WHOLE,
        steadily(FASTEST),
        lambda _: None,
        About(group_id=None),
    )
    phone.close()
    until(
        lambda: objects(blobs, session_id),
        lambda found: any(key.startswith("arrays/") for key in found),
        HEARD_S,
    )
    assert owner.done("DELETE", f"/v1/sessions/{session_id}")["outcome"] == "erased"
    stack.await_quiet()
    assert objects(blobs, session_id) == []
    assert rows(warehouse, "session_id", session_id) == {}
    assert warehouse.query(
        "SELECT state FROM sessions FINAL WHERE session_id = {s:String}", {"s": session_id}
    ) == [{"state": "erased"}]
    assert dead_letters(stack) == before


def test_a_phone_is_told_to_stop(stack: RunningStack, blobs: S3BlobStore) -> None:
    phone = RawPhone(stack.settings, f"phone-{uuid4()}")
    phone.start().raise_for_status()
    phone.chunk(0, flac(12)).raise_for_status()
    until(phone.has_arrived, bool)
    Person(stack.settings, phone.user).done("DELETE", f"/v1/sessions/{phone.session_id}")
    answers = [phone.chunk(1, flac(12)), phone.chunk(0, flac(12)), phone.complete(1), phone.start()]
    assert [(answer.status_code, problem(answer)) for answer in answers] == [(410, "erased")] * 4
    assert objects(blobs, phone.session_id) == []


def test_a_user_is_forgotten(
    stack: RunningStack, warehouse: Warehouse, blobs: S3BlobStore, person: Callable[[str], Person]
) -> None:
    gone = person("gone")
    friend = person("friend")
    gone.done("PATCH", "/v1/users/me", {"display_name": "Going", "on_board": True})
    share = gone.done(
        "POST",
        "/v1/users/me/shares",
        {"first": "2026-01-01", "last": "2026-12-31", "show_name": True},
    )
    group = gone.done("POST", "/v1/groups", {"name": "Theirs"})
    friend.done("POST", "/v1/groups/join", {"invite_code": group["invite_code"]})
    theirs = short(stack, gone, group["group_id"])
    other = short(stack, friend, group["group_id"])
    for session_id in (theirs, other):
        gone.done("POST", f"/v1/sessions/{session_id}/claims", {"speaker": "S1", "claim": "self"})
    gone.done(
        "POST",
        f"/v1/sessions/{other}/claims",
        {"speaker": "S2", "claim": "user", "user_id": friend.user},
    )
    friend.done("POST", f"/v1/sessions/{other}/claims", {"speaker": "S2", "claim": "self"})
    until(lambda: (counts_of(gone), counts_of(friend)), lambda found: min(found) > 0)
    of_friend = counts_of(friend)
    assert gone.done("DELETE", "/v1/users/me")["sessions"] == 1
    assert objects(blobs, theirs) == []
    until(
        lambda: {
            column: rows(warehouse, column, gone.user) for column in ("user_id", "claimed_by")
        },
        # The mark keeps a replay from bringing them back. It leaves after its retention.
        lambda found: found == {"user_id": {"erased_users": 1}, "claimed_by": {}},
    )

    def count(sql: str) -> object:
        return warehouse.query(sql, {"u": gone.user})[0]["n"]

    holding = "SELECT count() AS n FROM {} WHERE has({}, {{u:String}})"
    snapshots = dict.fromkeys(("published_words", "published_days", "published_months"), "users")
    for table, column in {"groups": "members", "user_voices": "company", **snapshots}.items():
        asked = holding.format(table, column)
        until(partial(count, asked), lambda n: n == 0)
    assert friend.get(share["path"]).status_code == 404
    until(
        lambda: friend.read(f"/v1/groups/{group['group_id']}")["members"],
        lambda members: members == 1,
    )
    assert counts_of(friend) == of_friend
    assert (
        friend.done(
            "POST",
            f"/v1/sessions/{other}/claims",
            {"speaker": "S1", "claim": "guest", "guest_name": "Somebody"},
        )["outcome"]
        == "claimed"
    )
    assert gone.read("/v1/users/me")["display_name"] == ""  # who signs in again begins anew


def test_words_that_were_not_to_be_kept_are_gone_and_the_counts_stand(
    stack: RunningStack, warehouse: Warehouse, blobs: S3BlobStore, person: Callable[[str], Person]
) -> None:
    owner = person("owner")
    session_id = short(stack, owner, None, keep_transcript_days=0)
    path = f"/v1/sessions/{session_id}"
    until(lambda: owner.get(f"{path}/transcript"), lambda answer: problem(answer) == "text-gone")
    (prefix,) = expired_prefixes(SessionId(session_id))
    assert blobs.keys(prefix) == []
    speakers = owner.read(f"{path}/speakers")["speakers"]
    assert {clip["quote"] for speaker in speakers for clip in speaker["clips"]} == {""}
    owner.done("POST", f"{path}/claims", {"speaker": "S1", "claim": "self"})
    until(
        lambda: counts_of(owner),
        lambda counts: counts == sum(word["count"] for word in speakers[0]["words"]) > 0,
    )
    assert problem(owner.ask("POST", f"{path}/hints", {"speakers": 2})) == "text-expired"
    assert warehouse.query(
        "SELECT count() AS n FROM expired_texts FINAL WHERE session_id = {s:String}",
        {"s": session_id},
    ) == [{"n": 1}]
