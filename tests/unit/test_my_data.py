"""The file with everything of a person: whoever asks again and again keeps nobody else waiting."""

import asyncio
import csv
import io
import json
import threading
import zipfile
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from adapters.http.turns import BusyError
from adapters.objects.store import put_by_digest
from adapters.warehouse import Parameters, R
from api.my_data.routes import ZipResponse
from api.my_data.service import AT_A_TIME, MARK, SESSIONS, MyData, as_csv
from schemas.ids import SessionId, UserId
from schemas.object_kinds import TRANSCRIBED_WORDS
from tests.memory_blob_store import MemoryBlobStore
from tests.read_side import NoRows


class Slow:
    """A warehouse that answers when it is let go."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        self.asked.set()
        assert self.let_go.wait(60)
        return []


def test_one_person_has_one_file_made_at_a_time() -> None:
    warehouse = Slow()
    data = MyData(warehouse, MemoryBlobStore())
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        first = threads.submit(data.file, UserId("mei"))
        assert warehouse.asked.wait(60)
        warehouse.asked.clear()
        second = threads.submit(data.file, UserId("mei"))
        assert isinstance(second.exception(5), BusyError)
        other = threads.submit(data.file, UserId("beng"))
        assert warehouse.asked.wait(60)
        with pytest.raises(BusyError):
            data.file(UserId("raj"))
        warehouse.let_go.set()
        assert b"".join(first.result(60))
        assert b"".join(other.result(60))
    assert b"".join(data.file(UserId("mei")))


def test_one_person_has_one_file_open_at_a_time() -> None:
    """A file that is taken slowly waits in memory."""
    data = MyData(NoRows(), MemoryBlobStore())
    first = data.file(UserId("mei"))
    with pytest.raises(BusyError):
        data.file(UserId("mei"))
    assert next(first)
    with pytest.raises(BusyError):
        data.file(UserId("mei"))
    assert b"".join(data.file(UserId("beng")))
    list(first)
    data.file(UserId("mei")).close()
    assert b"".join(data.file(UserId("mei")))


class OneTalk:
    """A warehouse with a talk of everybody's, and nothing else."""

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        found = [{"session_id": SessionId("s")}] if sql == SESSIONS else []
        return msgspec.convert(found, list[row])  # type: ignore[valid-type]


@pytest.mark.parametrize("body", [b"", b"PK", b'"\xff"', b"[" * 100_000])
def test_an_object_that_is_no_document_is_in_the_file_as_it_is(body: bytes) -> None:
    """Before, its person's file broke off, again and again."""
    blobs = MemoryBlobStore()
    kept = put_by_digest(blobs, TRANSCRIBED_WORDS, body, session_id="s", window=1)
    whole = b"".join(MyData(OneTalk(), blobs).file(UserId("mei")))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        texts = json.loads(archive.read("my-data.json"))["texts"]
    assert texts == {kept.key: body.decode(errors="replace")}


async def gone() -> Message:
    return {"type": "http.disconnect"}


async def hung_up(message: Message) -> None:
    if message["type"] == "http.response.body":
        raise OSError


def test_a_file_is_closed_when_its_reader_hangs_up() -> None:
    data = MyData(NoRows(), MemoryBlobStore())
    sent = ZipResponse(data.file(UserId("mei")))
    scope = {"type": "http", "asgi": {"spec_version": "2.4"}}
    with pytest.raises(ClientDisconnect):
        asyncio.run(sent(scope, gone, hung_up))
    assert b"".join(data.file(UserId("mei")))


def test_a_file_whose_piece_is_being_read_is_given_up_without_a_complaint() -> None:
    """A server that stops cancels what it sends."""
    asked, let_go = threading.Event(), threading.Event()

    def pieces() -> Generator[bytes]:
        asked.set()
        assert let_go.wait(60)
        yield b"PK"

    async def stopped() -> None:
        scope = {"type": "http", "asgi": {"spec_version": "2.4"}}
        sending = asyncio.create_task(ZipResponse(pieces())(scope, gone, hung_up))
        assert await asyncio.to_thread(asked.wait, 60)
        sending.cancel()
        try:
            with pytest.raises(asyncio.CancelledError):
                await sending
        finally:
            let_go.set()

    asyncio.run(stopped())


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_name_is_run_as_a_formula(sign: str) -> None:
    """Spreadsheets of East Asia take wide signs as well."""
    line = json.dumps({"name": f"{sign}1+1", "n": -1, "l": ["a"]})
    told = list(csv.DictReader(io.StringIO(as_csv([line]))))
    assert told == [{"name": f"'{sign}1+1", "n": "-1", "l": '["a"]'}]


def test_spreadsheets_are_told_that_tables_are_utf_8() -> None:
    whole = b"".join(MyData(NoRows(), MemoryBlobStore()).file(UserId("mei")))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".csv")]
        assert "objects.csv" in tables
        assert all(archive.read(name).decode().startswith(MARK) for name in tables)
