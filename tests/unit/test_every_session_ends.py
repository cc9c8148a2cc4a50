"""Every session ends, in a stated time, with anything lost or damaged between the stages."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.settings import Settings
from schemas import topics
from schemas.object_kinds import ATTRIBUTED_WORDS, MANIFEST, TRANSCRIBED_WORDS, VOICES, ObjectKind
from schemas.rejections import Reason
from schemas.session_events import (
    Cause,
    Failure,
    RequestRejected,
    SessionErased,
    SessionFailed,
    SessionSealed,
    State,
    TextExpired,
)
from schemas.session_requests import EraseRequested, HintRequested
from schemas.speech_events import VoicesComplete, WindowReady
from schemas.word_events import SessionCounted
from tests.guide.phone import OWNER, SESSION
from tests.lossy_stack import LOSABLE, OBJECTS, Losses, Lossy, most_ms

PATIENCE_MS = Settings().patience_ms
CHUNKS = 2
WINDOWS = 4
STATED_MS = most_ms(PATIENCE_MS, WINDOWS)


def recorded(losses: Losses) -> Lossy:
    """A session of which things are lost; the phone has stopped."""
    on = Lossy(losses)
    on.phone.start()
    for seq in range(CHUNKS):
        on.phone.chunk(seq)
    on.phone.stop(CHUNKS)
    return on


def causes(on: Lossy) -> list[Cause]:
    return [sealed.cause for sealed in on.said(SessionSealed)]


NUMBERS = st.frozensets(st.integers(0, 80), max_size=12)
LOSSES = st.builds(
    Losses,
    never=st.lists(st.sampled_from([*LOSABLE, *OBJECTS]), max_size=2).map(tuple),
    messages=NUMBERS,
    missing=NUMBERS,
    damaged=NUMBERS,
)


@settings(max_examples=40)
@given(LOSSES)
def test_a_session_ends_whatever_is_lost(losses: Losses) -> None:
    on = recorded(losses)
    on.wait_until_final(STATED_MS)
    assert (on.listed.failure is not None) == (on.state is State.FAILED)
    if on.state is not State.FAILED:
        assert on.said(SessionCounted)[-1].generation == on.listed.generation


HAPPENS = st.lists(
    st.sampled_from(["late chunk", "late chunk", "hint", "half a minute", "twelve minutes"]),
    min_size=1,
    max_size=8,
)


@settings(max_examples=20)
@given(LOSSES, HAPPENS)
def test_a_session_ends_whatever_is_lost_while_late_chunks_come(
    losses: Losses, happens: Sequence[str]
) -> None:
    on = recorded(losses)
    chunks = CHUNKS
    for one in happens:
        if one == "late chunk":
            on.phone.chunk(chunks)
            chunks += 1
        elif one == "hint":
            on.ask(HintRequested, by=OWNER, speakers=2)
        else:
            on.now_ms += 30_000 if one == "half a minute" else 720_000
            on.tick(on.now_ms)
    most = most_ms(PATIENCE_MS, WINDOWS * chunks)
    on.wait_until_final(Settings().idle_ms + most)
    if on.state is not State.FAILED:
        assert on.said(SessionCounted)[-1].generation == on.listed.generation


@settings(max_examples=10)
@given(LOSSES)
def test_a_session_that_ended_can_be_erased(losses: Losses) -> None:
    on = recorded(losses)
    on.wait_until_final(STATED_MS)
    on.recover()
    on.ask(EraseRequested, by=OWNER)
    assert on.state is State.ERASED
    assert on.said(SessionErased)


@pytest.mark.parametrize("number", range(0, 40, 5))
def test_one_lost_message_costs_no_audio(number: int) -> None:
    on = recorded(Losses(messages=frozenset({number})))
    on.wait_until_final(STATED_MS)
    assert on.state is State.READY
    assert on.said(SessionCounted)[-1].missing == ()


@pytest.mark.parametrize("number", range(0, 14, 2))
@pytest.mark.parametrize("is_damaged", [False, True])
def test_one_lost_object_costs_no_audio(is_damaged: bool, number: int) -> None:
    one = frozenset({number})
    on = recorded(Losses(damaged=one) if is_damaged else Losses(missing=one))
    took_ms = on.wait_until_final(STATED_MS)
    assert on.state is State.READY
    assert on.said(SessionCounted)[-1].missing == ()
    # The stage that could not read it said so: nobody waits for silence.
    assert took_ms <= PATIENCE_MS


@pytest.mark.parametrize("kind", [TRANSCRIBED_WORDS, VOICES, ATTRIBUTED_WORDS])
def test_windows_that_can_never_be_read_are_missing_audio(kind: ObjectKind) -> None:
    on = recorded(Losses(never=(kind,)))
    on.wait_until_final(STATED_MS)
    assert on.state in (State.READY, State.COMPLETED)
    assert on.said(SessionCounted)[-1].missing == ((0, on.listed.audio_ms),)


def test_windows_that_nobody_answers_are_missing_audio() -> None:
    on = recorded(Losses(never=(topics.TRANSCRIBED,)))
    on.wait_until_final(STATED_MS)
    assert causes(on) == [Cause.SEALED]
    last = on.said(WindowReady)[-1]
    asked = [ready for ready in on.said(WindowReady) if ready.window == last.window]
    assert [ready.revision for ready in asked] == [1, 1, 1, 1]


def failed() -> Lossy:
    """Nobody could read the list of the windows' voices."""
    on = recorded(Losses(never=(MANIFEST,)))
    on.wait_until_final(STATED_MS)
    return on


def test_a_session_without_speakers_fails_with_its_reason() -> None:
    on = failed()
    (said,) = on.said(SessionFailed)
    assert (on.state, on.listed.failure) == (State.FAILED, said.failure)
    assert (said.failure, said.fault) == (Failure.SPEAKERS_NOT_IDENTIFIED, Reason.OBJECT_MISSING)
    assert causes(on) == [Cause.SEALED, Cause.RETRY, Cause.RETRY, Cause.RETRY]


def test_a_late_answer_opens_a_failed_session_again() -> None:
    on = failed()
    on.recover()
    late = VoicesComplete(
        occurred_at_ms=on.now_ms,
        session_id=SESSION,
        generation=on.listed.generation,
        manifest=on.stored_manifest(),
        hint=None,
    )
    on.publish(topics.VOICES_COMPLETE, late)
    assert (on.state, on.listed.failure) == (State.READY, None)
    assert on.said(SessionCounted)[-1].missing == ()


def test_a_late_chunk_opens_a_failed_session_again() -> None:
    on = failed()
    on.recover()
    on.phone.chunk(CHUNKS)
    assert (on.state, on.listed.failure) == (State.READY, None)


def test_a_request_opens_a_failed_session_again() -> None:
    on = failed()
    on.recover()
    on.ask(HintRequested, by=OWNER, speakers=2)
    assert (on.state, on.listed.failure) == (State.READY, None)


def test_the_text_of_a_failed_session_expires_and_it_stays_failed() -> None:
    on = failed()
    on.now_ms += 31 * 24 * 3600 * 1000
    on.tick(handled_until_ms=None)
    assert on.said(TextExpired)
    on.ask(HintRequested, by=OWNER, speakers=2)
    assert on.said(RequestRejected)[-1].reason == "text_expired"
    assert (on.state, on.listed.failure) == (State.FAILED, Failure.SPEAKERS_NOT_IDENTIFIED)


def test_a_session_whose_messages_are_still_to_be_handled_is_not_silent() -> None:
    on = recorded(Losses(never=(topics.IDENTIFIED,)))
    progressed_ms = on.now_ms
    for _ in range(3):
        on.now_ms += STATED_MS
        on.tick(handled_until_ms=None)
        on.tick(handled_until_ms=progressed_ms - 1)
    assert causes(on) == [Cause.SEALED]


def test_a_lost_message_is_asked_for_while_stages_lag_for_ever() -> None:
    """Before, silence counted only while all stages kept up: nobody was asked under a load."""
    on = recorded(Losses(never=(topics.IDENTIFIED,)))
    progressed_ms = on.now_ms
    on.now_ms += PATIENCE_MS
    on.tick(handled_until_ms=progressed_ms)
    assert causes(on) == [Cause.SEALED, Cause.RETRY]
