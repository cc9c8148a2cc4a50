"""The time that is left: waiting for the phone does not lengthen it, more workers shorten it."""

from schemas.ids import SessionId, UserId
from schemas.speech_events import WindowResult, WindowTranscribed, WindowVoiced
from streams.sessions.pace import eta_ms, noted
from streams.sessions.state import Session


def session(windows: int, done: int) -> Session:
    return Session(
        session_id=SessionId("s"),
        owner=UserId("u"),
        group_id=None,
        time_zone="UTC",
        recorded_at_ms=0,
        hint=None,
        generation=1,
        revisions=(1,) * windows,
        transcribed=((0, done),),
        voiced=((0, windows),),
    )


def ended(
    at_ms: int,
    work_ms: int,
    failed: str | None = None,
    kind: type[WindowResult] = WindowTranscribed,
) -> WindowResult:
    return kind(
        occurred_at_ms=at_ms,
        session_id=SessionId("s"),
        window=0,
        revision=1,
        result=None,
        failed=failed,
        missing=(),
        model="m",
        work_ms=work_ms,
    )


def after(*ends: WindowResult, windows: int = 12, done: int = 2) -> int | None:
    found = session(windows, done)
    for end in ends:
        found = noted(found, end)
    return eta_ms(found)


def test_windows_left_at_the_pace_of_the_latest() -> None:
    assert after(ended(5_000, 3_000), ended(8_000, 3_000)) == 10 * 3_000


def test_waiting_for_the_phone_is_not_work() -> None:
    assert after(ended(20_000, 3_000), ended(40_000, 3_000), ended(60_000, 3_000)) == 10 * 3_000


def test_two_workers_take_half() -> None:
    ends = [ended(10_000 + n * 1_500, 3_000) for n in range(40)]
    assert after(*ends) == 10 * 1_500


def test_a_window_that_failed_says_nothing() -> None:
    assert after(ended(5_000, 3_000), ended(5_001, 0, failed="undecodable_audio")) == 10 * 3_000


def test_the_slower_stage_counts() -> None:
    found = noted(
        noted(session(12, 12), ended(9_000, 3_000)), ended(9_000, 2_000, kind=WindowVoiced)
    )
    assert eta_ms(found) == 0


def test_nobody_knows_while_the_phone_records() -> None:
    assert (
        eta_ms(
            Session(
                session_id=SessionId("s"),
                owner=UserId("u"),
                group_id=None,
                time_zone="UTC",
                recorded_at_ms=0,
                hint=None,
            )
        )
        is None
    )
