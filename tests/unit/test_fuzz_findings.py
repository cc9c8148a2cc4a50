"""Findings of `make fuzz`: each one met a defect, took the memory, or never ended."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.erasure.erasable_rows import Days
from adapters.kafka.publisher import Outgoing, outgoing
from consumers.audio.decoder import Decoder
from consumers.audio.window_audio import MOST_MS, WindowAudio
from consumers.clips.step import Clips
from consumers.runtime.bisected import bisected
from consumers.runtime.outcome import DeadLettered, Done, Record
from consumers.sink.step import Sink
from schemas import topics
from schemas.codec import decode, encode
from schemas.days import day_of
from schemas.fact_sheet import Topic
from schemas.ids import SessionId
from schemas.limits import DAY_MS, HOUR_MS
from schemas.phone_events import ChunkUploaded, SessionEnded
from schemas.rejections import Reason, Rejected
from schemas.session_events import SessionReady, SessionSealed, TextExpired, Tick
from schemas.session_requests import HintRequested
from schemas.speech_events import ClipsWanted, SpeakersIdentified, WindowReady
from tests.fakes import RecordedStatements, Silence
from tests.fuzz.hosted import Hosted, tables
from tests.fuzz.mutations import mutated, signed
from tests.fuzz.test_audio import BODIES, both, faults
from tests.gateway_fakes import MeasuredHere
from tests.golden import EXAMPLES
from tests.guide import phone
from tests.guide.memory_stack import NOW_MS
from tests.memory_blob_store import MemoryBlobStore
from tests.recorded_sessions import counted
from tests.recorded_stack import YEAR_MS, Recording
from tests.write_side import OWNER


def changed(name: str, **fields: Any) -> bytes:
    """The example of an event with other fields."""
    [document] = [json.loads(encode(one)) for _, one in EXAMPLES if type(one).__name__ == name][:1]
    return json.dumps({**document, **fields}).encode()


def named(name: str, **fields: Any) -> bytes:
    """The same with the id that follows from these fields."""
    return json.dumps(signed(json.loads(changed(name, **fields)))).encode()


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        (topics.TRANSCRIBED, named("WindowTranscribed", window=-1)),
        (topics.VOICED, named("WindowVoiced", window=10**9)),
        (topics.VOICED, named("WindowVoiced", revision=1 << 40)),
        (topics.ATTRIBUTED, named("WordsAttributed", window=10**9)),
        (topics.WINDOW_READY, named("WindowReady", window=-1)),
        (topics.IDENTIFIED, named("SpeakersIdentified", generation=1 << 30)),
        (topics.DECIDED, changed("SessionSealed", window_ms=0)),
        (topics.INBOUND, named("ChunkUploaded", seq=-1)),
        (topics.INBOUND, changed("SessionStarted", keep_transcript_days=1 << 60)),
        (topics.INBOUND, changed("HintRequested", speakers=10**9)),
        (topics.COUNTED, changed("WordsCounted", occurred_at_ms=1 << 60)),
        (topics.CREDITED, changed("VoiceCredited", time_zone="null")),
        (topics.DIRECTORY, changed("SessionListing", time_zone="../../etc/passwd")),
        (topics.WINDOW_READY, changed("WindowReady", end_ms=-1)),
        (topics.WINDOW_READY, changed("WindowReady", start_ms=10**12)),
        (topics.COUNTED, changed("WordsCounted", most_rows=10**9)),
        (topics.DECIDED, changed("SessionSealed", windows=[1] * 10_001)),
        (topics.CLIPS_WANTED, changed("ClipsWanted").replace(b'"S1"', b'"../../x"')),
        (topics.DECIDED, changed("SessionErased", session_id="")),
        (topics.DECIDED, changed("SessionErased", session_id="../../x")),
    ],
)
def test_an_event_that_no_stage_can_handle_is_rejected_when_it_is_read(
    topic: Topic, body: bytes
) -> None:
    with pytest.raises(Rejected) as rejected:
        decode(topic, body)
    assert rejected.value.reason is Reason.MALFORMED_EVENT


@pytest.mark.parametrize(
    ("unix_ms", "time_zone"),
    [(10**18, "UTC"), (-(10**18), "UTC"), (0, "\u202e"), (0, "../../etc/passwd"), (0, "")],
)
def test_a_moment_without_a_day_is_rejected(unix_ms: int, time_zone: str) -> None:
    with pytest.raises(Rejected):
        day_of(unix_ms, time_zone)


@pytest.mark.parametrize(("from_ms", "to_ms"), [(0, MOST_MS + 1), (1, 0)])
def test_no_window_takes_the_memory(from_ms: int, to_ms: int) -> None:
    audio = WindowAudio(MemoryBlobStore(), Silence())
    with pytest.raises(Rejected):
        audio.load(SessionId("s"), (), from_ms, to_ms)


def test_a_moment_that_no_column_holds_is_one_dead_letter() -> None:
    listing = decode(topics.DIRECTORY, changed("SessionListing", recorded_at_ms=10**18))
    well = decode(topics.DIRECTORY, changed("SessionListing"))
    written = RecordedStatements()
    records = [Record(topics.DIRECTORY, 0, n, event) for n, event in enumerate((listing, well))]
    first, second = bisected(Sink(written, lambda: 0), records, lambda *_: None)
    assert isinstance(first, DeadLettered)
    assert first.reason is Reason.ROW_REFUSED
    assert not isinstance(second, DeadLettered)
    assert written.written


@pytest.mark.parametrize("unix_ms", [10**18, -(10**18), 10**30])
def test_a_session_of_any_clock_can_be_erased(unix_ms: int) -> None:
    days = Days.of(unix_ms, 0)
    assert days.first <= days.last


def test_a_clip_of_nothing_is_left_out() -> None:
    """Before, the process ended: the encoder called it a lack of memory."""
    event = decode(topics.CLIPS_WANTED, changed("ClipsWanted"))
    assert isinstance(event, ClipsWanted)
    assert {clip.span for clip in event.clips} == {(1, 1)}
    blobs = MemoryBlobStore()
    [outcome] = Clips(blobs, WindowAudio(blobs, Silence())).process(
        [Record(topics.CLIPS_WANTED, 0, 0, event)]
    )
    assert isinstance(outcome, Done)
    assert not blobs.contents()


@pytest.mark.parametrize(("start_ms", "duration_ms"), [(-(10**15), 1), (0, -1), (5, 10**15)])
def test_a_chunk_beside_the_timeline_is_ignored_at_once(start_ms: int, duration_ms: int) -> None:
    """Before, the fold went through every minute of the span."""
    on = counted()
    before = dict(on.tables["sessions"])
    known = next(event for _, event in on.log if isinstance(event, ChunkUploaded))
    odd = replace(known, event_id="", seq=9, start_ms=start_ms, duration_ms=duration_ms)
    on.publish(topics.INBOUND, odd)
    assert on.tables["sessions"] == before


def test_a_clip_that_is_longer_than_its_session_ends() -> None:
    on = counted()
    known = on.said(SpeakersIdentified)[-1]
    speakers = tuple(replace(one, clips=((0, 10**15),)) for one in known.speakers)
    odd = replace(known, event_id="", generation=2, speakers=speakers)
    on.wait(topics.CLIPS_WANTED)
    on.ask(HintRequested, by=OWNER, speakers=2)
    on.publish(topics.IDENTIFIED, odd)
    assert any(topic is topics.CLIPS_WANTED for topic, _ in on._waiting)


class ClockAhead(Hosted):
    """No window is transcribed, and the clock of the machine that diarizes is a year ahead."""

    def _arrived(self, message: Outgoing) -> Sequence[Outgoing]:
        if message.topic == topics.TRANSCRIBED.name:
            return []
        if message.topic != topics.VOICED.name:
            return [message]
        event = decode(topics.VOICED, message.value)
        ahead = replace(event, occurred_at_ms=event.occurred_at_ms + YEAR_MS)
        return [outgoing(topics.VOICED, ahead)]


def test_a_clock_that_is_ahead_lets_no_session_wait(tmp_path: Path) -> None:
    """Before, the session waited for that time before it asked for what it lacked."""
    on = ClockAhead(tables(tmp_path), 0)
    one_chunk(on)
    on.phone.stop(1)
    on.wait_until_final()
    assert not on.defects


def one_chunk(on: Hosted) -> None:
    """A session begins, and its first chunk is there."""
    on.phone.start()
    on.phone.chunk(0)


def of_a_clock_ahead(on: Hosted) -> Tick:
    """A tick of a worker whose clock is a year ahead, by which all of an hour ago is handled."""
    ahead_ms = on.now_ms + YEAR_MS
    return Tick(
        occurred_at_ms=ahead_ms,
        session_id=phone.SESSION,
        now_ms=ahead_ms,
        handled_until_ms=ahead_ms - HOUR_MS,
    )


def test_a_tick_of_a_clock_that_is_ahead_seals_no_session_that_goes_on(tmp_path: Path) -> None:
    """Before, the worker that had the session by then did what another one's clock said."""
    on = Hosted(tables(tmp_path), 0)
    one_chunk(on)
    on.publish(topics.INBOUND, of_a_clock_ahead(on))
    assert not on.said(SessionSealed)


def test_a_tick_of_a_clock_that_is_ahead_removes_no_words(tmp_path: Path) -> None:
    """Before, they were gone for ever."""
    on = Hosted(tables(tmp_path), 0)
    one_chunk(on)
    on.phone.stop(1)
    on.publish(topics.INBOUND, of_a_clock_ahead(on))
    assert on.said(SessionReady)
    assert not on.said(TextExpired)


def test_a_tick_of_a_clock_that_is_ahead_asks_for_nothing_again(tmp_path: Path) -> None:
    """The session waits for a stage that has an hour of others before it."""
    on = ClockAhead(tables(tmp_path), 0)
    one_chunk(on)
    on.phone.stop(1)
    on.now_ms += HOUR_MS // 2
    before = len(on.said(WindowReady))
    on.publish(topics.INBOUND, of_a_clock_ahead(on))
    assert len(on.said(WindowReady)) == before


def test_a_clock_that_went_back_removes_no_words() -> None:
    """Before, the end of a session by such a clock let its text expire at once."""
    on = Recording()
    on.phone.start()
    on.phone.chunk(0)
    ended = SessionEnded(occurred_at_ms=0, session_id=phone.SESSION, owner=phone.OWNER, chunks=1)
    on.publish(topics.INBOUND, ended)
    on.ask(Tick, now_ms=NOW_MS + DAY_MS)
    assert on.said(SessionReady)
    assert not on.said(TextExpired)


@pytest.mark.parametrize("seed", [171, 1853, 3225])
def test_both_sides_make_the_same_of_a_file(seed: int) -> None:
    """127 channels; packets without a duration; packets that hold more than they say."""
    body = mutated(seed, BODIES)
    decoder = Decoder()
    try:
        measured = asyncio.run(MeasuredHere().measure(body, OWNER))
    except Rejected:
        measured = None
    assert not faults(both(body, decoder, measured))
    decoder.close()
