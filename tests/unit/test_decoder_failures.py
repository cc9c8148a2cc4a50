"""A child that dies of an upload, or meets a defect, is counted; the fault is said to be ours."""

import asyncio
import io
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from adapters.audio.answers import DEFECT, HEAD, MEASURE, Measured
from adapters.audio.child import answer
from adapters.audio.failures import DecoderFailed
from adapters.audio.measuring import Measuring
from adapters.process import metrics
from adapters.process.metrics import DecoderFailure
from consumers.audio.decoder import Decoder
from schemas.ids import UserId
from schemas.rejections import Reason, Rejected
from tests.write_side import FLAC, WriteSide

KILLED = "import os; os.kill(os.getpid(), 11)"
ENDED = "raise SystemExit(3)"
CONFUSED = "out.write(HEAD.pack(2, 8) + b'KeyError'); out.flush()"
DEATHS = {
    KILLED: (DecoderFailure.DIED, "exit status -11"),
    ENDED: (DecoderFailure.DIED, "exit status 3"),
    CONFUSED: (DecoderFailure.DEFECT, "KeyError"),
}


def child(does: str) -> tuple[str, ...]:
    """A child that reads a request, and then does this."""
    script = (
        "import struct, sys; HEAD = struct.Struct('<BQ'); out = sys.stdout.buffer; "
        f"sys.stdin.buffer.read(HEAD.size); {does}"
    )
    return (sys.executable, "-c", script)


def measured(command: tuple[str, ...]) -> Measured:
    async def asked() -> Measured:
        measuring = Measuring(1, command)
        try:
            return await measuring.measure(FLAC, UserId("owner"))
        finally:
            await measuring.close()

    return asyncio.run(asked())


def decoded(command: tuple[str, ...]) -> object:
    with closing(Decoder(command)) as decoder:
        return decoder.decode(FLAC)


def count(failure: DecoderFailure) -> float:
    labels = {"failure": failure.value}
    found = metrics.REGISTRY.get_sample_value("lahstats_decoder_failures_total", labels)
    assert found is not None
    return found


@pytest.mark.parametrize("side", [measured, decoded])
@pytest.mark.parametrize("does", DEATHS)
def test_a_child_that_fails_is_counted_and_logged(
    side: Callable[[tuple[str, ...]], object], does: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before, it was answered and treated as a file that is no audio, without a word."""
    failure, detail = DEATHS[does]
    metrics.expect_decoder_failures()
    before = count(failure)
    with pytest.raises(DecoderFailed) as raised:
        side(child(does))
    assert raised.value.reason is Reason.UNDECODABLE_AUDIO
    assert count(failure) > before
    logged = capsys.readouterr()
    assert "decoder_failed" in logged.out + logged.err
    assert detail in logged.out + logged.err


def test_a_worker_asks_another_child_once(tmp_path: Path) -> None:
    """Before, one moment without memory made a chunk missing audio for ever."""
    mark = tmp_path / "one has died"
    dies_once = (
        f"import os, runpy; from pathlib import Path; mark = Path({str(mark)!r}); "
        "mark.exists() and runpy.run_module('adapters.audio.child', run_name='__main__'); "
        "mark.touch(); os.kill(os.getpid(), 9)"
    )
    with closing(Decoder((sys.executable, "-c", dies_once))) as decoder:
        assert len(decoder.decode(FLAC).samples())
    assert mark.exists()


def test_a_child_that_died_while_it_waited_is_counted() -> None:
    async def asked() -> None:
        measuring = Measuring(1)
        await measuring.measure(FLAC, UserId("owner"))
        [waiting] = measuring._all
        waiting.process.kill()
        await waiting.process.wait()
        await measuring.measure(FLAC, UserId("owner"))
        await measuring.close()

    metrics.expect_decoder_failures()
    before = count(DecoderFailure.DIED)
    asyncio.run(asked())
    assert count(DecoderFailure.DIED) == before + 1


def test_a_file_that_is_no_audio_is_no_failure() -> None:
    with closing(Decoder()) as decoder:
        before = [count(failure) for failure in DecoderFailure]
        with pytest.raises(Rejected) as raised:
            decoder.decode(b"some text")
    assert not isinstance(raised.value, DecoderFailed)
    assert [count(failure) for failure in DecoderFailure] == before


def test_a_child_says_where_it_met_a_defect_and_nothing_of_the_upload() -> None:
    """Before, it died: the next upload waited for another one."""
    sink = io.BytesIO()
    answer(MEASURE, cast("bytes", {"secret": 1}), sink)
    status, length = HEAD.unpack(sink.getvalue()[: HEAD.size])
    place = sink.getvalue()[HEAD.size :].decode()
    assert (status, length) == (DEFECT, len(place))
    assert "child.py:" in place
    assert "secret" not in place


class Failing:
    """Meets the same error with every upload."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def measure(self, body: bytes, user: UserId) -> Measured:
        raise self._error


@pytest.mark.parametrize(
    ("error", "answered"),
    [
        (DecoderFailed("exit status -11"), (415, "decoder-failed")),
        (Rejected(Reason.AUDIO_TOO_LONG, "9 bytes"), (422, "chunk-too-long")),
        (Rejected(Reason.UNDECODABLE_AUDIO, "9 bytes"), (415, "not-audio")),
    ],
)
def test_the_owner_of_the_file_is_told_whose_fault_it_is(
    error: Exception, answered: tuple[int, str]
) -> None:
    """Before, each of them was told that the file is no audio."""
    side = WriteSide(measures=Failing(error))
    answer = side.upload(content=FLAC)
    assert (answer.status_code, answer.json()["type"]) == answered
    assert side.journal == []
