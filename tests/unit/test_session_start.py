"""A session that is started again is the session that it was: its phone goes on with it."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest
from msgspec.structs import replace

from adapters.erasure.erasable_objects import is_erased
from adapters.http.tokens import Upload
from producers.gateway import responses
from producers.gateway.directory import Directory
from schemas.event import Event
from schemas.ids import SessionId, UserId
from schemas.limits import KEEP_DAYS
from schemas.people_events import GroupLexicon, UserErasureRequested
from schemas.phone_events import SessionStarted
from schemas.session_events import State
from schemas.session_requests import EraseRequested, RecountRequested
from schemas.session_rows import SessionListing
from tests.deciding_folds import group, user, users_fold
from tests.unit.test_request_keys import GROUP
from tests.write_side import NOW_MS, OWNER, SESSION, WriteSide, listing, start_body

OTHER_GROUP = "0192f3c4-5b6a-7c8d-9e0f-aabbccddeeff"
IN_GROUP = listing(state=State.RECORDING, group_id=GROUP)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "ANSWER_WAIT_S", 0.02)


def started(
    side: WriteSide, known: SessionListing | None, group_id: str | None
) -> tuple[int, list[str]]:
    """The status of a start, and the lexicons by which the session is to be counted."""
    if known is not None:
        side.directory.take(known)
    answer = side.call("PUT", f"/v1/sessions/{SESSION}", start_body(group_id=group_id))
    asked = [event for event in side.publisher.events if isinstance(event, RecountRequested)]
    return answer.status_code, [event.lexicon for event in asked]


def with_lexicons(decide: Callable[[Event], Sequence[Event]] = lambda _: ()) -> WriteSide:
    side = WriteSide(decide)
    for group_id in (GROUP, OTHER_GROUP):
        own = GroupLexicon(occurred_at_ms=NOW_MS, group_id=group_id, lexicon=f"of {group_id}")
        side.directory.take(own)
    return side


def test_somebody_who_left_the_group_goes_on_with_their_recording() -> None:
    """Before, 404: what the phone still had could not be uploaded once its token was a day old."""
    side = WriteSide()
    status, _ = started(side, IN_GROUP, GROUP)
    assert status == 201
    [event] = side.publisher.events
    assert isinstance(event, SessionStarted)
    assert event.owner == OWNER


@pytest.mark.parametrize(
    ("chosen", "said", "kept"),
    [(None, {}, KEEP_DAYS), (0, {}, 0), (0, {"keep_transcript_days": 3}, 3)],
)
def test_words_are_kept_for_as_long_as_their_owner_chose(
    chosen: int | None, said: dict[str, int], kept: int
) -> None:
    """Before, for thirty days, whatever Settings said: no phone of the pages said a number."""
    side = WriteSide()
    if chosen is not None:
        side.directory.take(replace(user(OWNER), keep_transcript_days=chosen))
    side.call("PUT", f"/v1/sessions/{SESSION}", start_body(**said))
    [event] = side.publisher.events
    assert isinstance(event, SessionStarted)
    assert event.keep_transcript_days == kept


def test_nobody_begins_a_session_of_a_group_that_is_not_theirs() -> None:
    assert started(WriteSide(), None, GROUP) == (404, [])


def test_a_session_keeps_the_lexicon_that_counted_it() -> None:
    """Before, a new token had a talk of long ago counted again by the group's newest words."""
    assert started(with_lexicons(), IN_GROUP, GROUP) == (201, [])


def test_a_session_that_is_not_counted_yet_is_counted_by_the_words_of_its_own_group() -> None:
    recording = replace(IN_GROUP, generation=0)
    assert started(with_lexicons(), recording, GROUP) == (201, [f"of {GROUP}"])
    assert started(with_lexicons(), recording, OTHER_GROUP) == (201, [f"of {GROUP}"])
    assert started(with_lexicons(), recording, None) == (201, [f"of {GROUP}"])


def users_only(event: Event) -> Sequence[Event]:
    """The fold of users decides, and the fold of sessions is behind."""
    return users_fold(event) if isinstance(event, UserErasureRequested) else ()


def erased_with_everything(side: WriteSide, user: str = OWNER) -> list[EraseRequested]:
    """The requests about sessions of somebody who erases all that is theirs.

    While nobody decides whether they do, there is none.
    """
    side.publisher.events.clear()
    side.call("DELETE", "/v1/users/me", user=user, key=str(uuid4()))
    return [event for event in side.publisher.events if isinstance(event, EraseRequested)]


def test_a_session_that_nobody_has_listed_yet_goes_with_all_that_is_its_owners() -> None:
    """The fold may be away for minutes. Before, the session stayed when it came back."""
    side = WriteSide(users_only)
    side.call("PUT", f"/v1/sessions/{SESSION}", start_body())
    assert not erased_with_everything(side, "stranger")
    [asked] = erased_with_everything(side)
    assert (asked.session_id, asked.by) == (SESSION, OWNER)
    assert not is_erased(side.blobs, SESSION)  # somebody else may have begun it before
    side.directory.take(listing(state=State.ERASED))
    assert not erased_with_everything(side)


def test_a_chunk_tells_a_gateway_of_a_session_that_another_one_began() -> None:
    side = WriteSide(users_only)
    token = side.uploads.sign(Upload(SESSION, OWNER))
    assert side.upload(token=token).status_code == 201
    assert [asked.session_id for asked in erased_with_everything(side)] == [SESSION]


def test_a_session_that_nobody_has_listed_yet_is_erased_when_its_owner_asks() -> None:
    """Before, 404: it was there a moment later, and stayed."""
    side = WriteSide()
    side.call("PUT", f"/v1/sessions/{SESSION}", start_body())
    side.publisher.events.clear()
    path = f"/v1/sessions/{SESSION}"
    assert side.call("DELETE", path, user="stranger", key=str(uuid4())).status_code == 404
    assert side.publisher.events == []
    answer = side.call("DELETE", path)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "pending")
    [asked] = side.publisher.events
    assert isinstance(asked, EraseRequested)
    assert (asked.session_id, asked.by) == (SESSION, OWNER)
    assert not is_erased(side.blobs, SESSION)  # somebody else may have begun it before


def test_a_session_that_is_listed_while_its_owner_asks_is_erased(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, 404: the row came between two questions, and the talk stayed."""
    side = WriteSide()
    side.call("PUT", f"/v1/sessions/{SESSION}", start_body())
    side.publisher.events.clear()
    ask = side.directory.listing

    def then_listed(session_id: SessionId) -> SessionListing | None:
        answer = ask(session_id)
        side.directory.take(listing(state=State.RECORDING))
        return answer

    monkeypatch.setattr(side.directory, "listing", then_listed)
    assert side.call("DELETE", f"/v1/sessions/{SESSION}").status_code == 202
    assert [type(event) for event in side.publisher.events] == [EraseRequested]


def test_who_begins_a_session_a_moment_after_somebody_else_gets_no_token() -> None:
    """At another gateway. Before, their audio lay among that of the owner, who could fetch it."""
    theirs = listing(owner=UserId("faster"), state=State.RECORDING, group_id=None)
    side = with_lexicons(lambda event: [theirs] if isinstance(event, SessionStarted) else [])
    side.directory.take(group(GROUP))
    assert started(side, None, GROUP) == (404, [])


def test_a_session_that_turns_out_to_be_somebody_elses_takes_no_more_chunks() -> None:
    """The fold was away when both began it. Before, 201: the audio was never counted."""
    side = WriteSide()
    token = side.upload_token()
    side.directory.take(listing(owner=UserId("faster"), state=State.RECORDING))
    assert side.upload(token=token).status_code == 404
    assert side.blobs.written == []
    done = side.client.request(
        "POST",
        f"/v1/sessions/{SESSION}/complete",
        json={"chunks": 1},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert done.status_code == 404
    assert side.publisher.events == []


def test_a_start_waits_until_the_session_is_listed() -> None:
    """The row comes on the thread of the directory."""
    directory = Directory(listed_within_s=60.0)
    row = listing()

    async def waited() -> SessionListing | None:
        waiting = asyncio.create_task(directory.listed(SESSION))
        await asyncio.sleep(0)
        await asyncio.to_thread(directory.take, row)
        return await waiting

    assert asyncio.run(waited()) == row
    assert asyncio.run(Directory(listed_within_s=0.0).listed(SESSION)) is None
