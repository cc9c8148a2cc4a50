"""The event streams of sessions: what changed, once, until it is final; one look for all."""

import asyncio

from api.sessions.changes import StreamEvent, changes
from api.sessions.notices import NOT_NOW
from api.sessions.watching import Watching
from schemas.ids import UserId
from tests.followed_streams import (
    DONE,
    FURTHER,
    GOING,
    MEI,
    RAJ,
    S,
    Sessions,
    Table,
    eventually,
    retry_ms,
    run,
)


def test_a_stream_does_not_outlive_the_token_that_opened_it() -> None:
    """Somebody who signs out everywhere is not followed for the twelve hours of a talk."""

    async def follow() -> list[bytes]:
        watching = Watching(Sessions(), every_s=0.001, again_s=0.001)
        told = changes(watching.joined(S, MEI), StreamEvent.of(GOING), "", life_s=0)
        async with asyncio.timeout(10):
            return [event async for event in told]

    first, last = asyncio.run(follow())
    assert first == StreamEvent.of(GOING).encoded
    assert b"event: closed" in last
    assert b"sign-in-again" in last
    assert b"retry: " in last


def test_each_change_is_one_event_and_the_stream_ends_at_a_final_state() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.sessions.answer = FURTHER
        await stream.saw(2)
        table.sessions.answer = DONE
        events = await stream.ended()
        assert len(events) == 3
        assert b'"counted":3' in events[1]
        assert b'"completed"' in events[2]
        assert all(event.startswith(b"event: session\n") for event in events)

    run(follow)


def test_a_client_that_comes_back_is_not_told_again() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened(seen=StreamEvent.of(GOING).event_id)
        await table.looked()
        table.sessions.answer = DONE
        events = await stream.ended()
        assert len(events) == 1
        assert b'"completed"' in events[0]

    run(follow)


def test_a_heartbeat_between() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened(heartbeat_s=0.01)
        await stream.saw(2)
        assert stream.events[1].startswith(b":")

    run(follow)


def test_a_session_is_read_once_for_all_its_streams_and_not_while_it_stays_as_it_is() -> None:
    async def follow(table: Table) -> None:
        streams = [table.opened(UserId(f"u{n}")) for n in range(50)]
        await table.looked(5)
        read = table.sessions.reads
        assert read <= 2  # some may have joined between the first look and its read
        await table.looked(5)
        assert table.sessions.reads == read
        table.sessions.answer = DONE
        ended = [await stream.ended() for stream in streams]
        assert table.sessions.reads == read + 1
        assert {len(events) for events in ended} == {2}

    run(follow)


def test_nobody_looks_while_nobody_watches() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        table.sessions.answer = DONE
        await stream.ended()
        await eventually(lambda: table.watching._looking is None)
        looks = table.sessions.looks
        await asyncio.sleep(0.05)
        assert table.sessions.looks == looks

    run(follow)


def test_the_oldest_stream_of_a_user_is_closed_for_the_newest_and_told_why() -> None:
    async def follow(table: Table) -> None:
        others = table.opened(RAJ)
        first, *_ = [table.opened() for _ in range(3)]
        events = await first.ended()
        assert events[-1].startswith(b"event: closed\n")
        assert b'"too-many-streams"' in events[-1]
        assert 60_000 <= retry_ms(events[-1]) <= 120_000
        await table.looked()
        assert len(others.events) == 1

    run(follow, Table(most_of_user=2))


def test_a_stream_outlives_an_outage_and_says_so() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.sessions.is_away = True
        await stream.saw(2)
        await table.looked()
        table.sessions.is_away = False
        await stream.saw(3)
        table.sessions.answer = DONE
        events = await stream.ended()
        names = [event.split(b"\n")[0] for event in events]
        assert names == [
            b"event: session",
            b"event: unavailable",
            b"event: available",
            b"event: session",
        ]
        assert b"retry:" not in events[1]  # it stays open

    run(follow)


def test_who_may_not_see_it_any_more_is_told_nothing_of_it() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.sessions.hidden_from = {MEI}
        table.sessions.answer = DONE
        events = await stream.ended()
        assert len(events) == 2
        assert b"no-such-session" in events[1]
        assert b"completed" not in events[1]

    run(follow)


def test_all_streams_end_when_the_server_stops_also_those_that_come_then() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.watching.stop()
        for one in (stream, table.opened()):
            events = await one.ended()
            assert b'"stopping"' in events[-1]
            assert 1_000 <= retry_ms(events[-1]) <= 2_000

    run(follow)


def test_a_defect_ends_the_streams_and_the_next_one_is_watched_again() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.sessions.defect = ValueError("a column is missing")
        events = await stream.ended()
        assert b'"internal-error"' in events[-1]
        table.sessions.defect = None
        stream = table.opened()
        await table.looked()
        table.sessions.answer = DONE
        assert b'"completed"' in (await stream.ended())[-1]

    run(follow)


def test_those_who_were_sent_away_together_do_not_come_back_together() -> None:
    assert len({retry_ms(NOT_NOW.encoded()) for _ in range(20)}) > 1
