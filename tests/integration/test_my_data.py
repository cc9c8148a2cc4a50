"""My data as a file: every table and every prefix of the erasure table, and nobody else's rows."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.warehouse import Warehouse
from api.my_data.own_rows import OBJECTS, TABLES, Held, NotHeld, ObjectForm, form_of
from api.my_data.service import MyData
from deploy.clickhouse.migration_files import tables
from schemas import erasure
from schemas.erasure import Stays
from schemas.ids import SessionId, UserId
from schemas.object_kinds import CHUNK, CLIP, TURNS, erased_prefixes, expired_prefixes
from tests.integration.served import filled
from tests.memory_blob_store import MemoryBlobStore
from tests.reference.telling import put

NOW = datetime.now(UTC)
MEI = UserId("mei")
BENG = UserId("beng")
MINE, THEIRS = (SessionId(f"0192f3c4-5b6a-7c8d-9e0f-{n:012d}") for n in (1, 2))
PEOPLE = {"user_id", "owner", "claimed_by", "changed_by", "judged_by", "requested_by"}
HELD = {name: found for name, found in TABLES.items() if isinstance(found, Held)}


def row_of(table: str, columns: tuple[str, ...], user: str, session_id: str) -> dict[str, Any]:
    """A row about one person, in all columns by which rows are somebody's."""
    row: dict[str, Any] = {name: user for name in columns if name in PEOPLE}
    row |= {name: datetime.now(UTC) for name in columns if name.endswith("_at")}
    row |= {name: session_id for name in columns if name == "session_id"}
    row |= {name: "S1" for name in columns if name == "speaker"}
    row |= {name: "self" for name in columns if name == "kind" and table == "claims"}
    row |= {name: [user] for name in columns if name in {"members", "users"}}
    row |= {name: f"of {user}" for name in columns if name in {"group_id", "share", "request_id"}}
    if table.startswith("published"):
        row |= {"users": [BENG, MEI]}
        row |= {name: [4, 3] for name in columns if name in {"counts", "spoken"}}
        row |= {"sessions": [2, 1]} if table == "published_months" else {}
    return row


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("mine")) as found:
        for table, columns in tables().items():
            if table in HELD:
                put(found, table, row_of(table, columns, BENG, THEIRS))
                put(found, table, row_of(table, columns, MEI, MINE))
        yield found


@pytest.fixture
def objects() -> MemoryBlobStore:
    store = MemoryBlobStore()
    for session_id in (MINE, THEIRS):
        for kind in OBJECTS:
            given: dict[str, str | int] = dict.fromkeys(kind.fields, 1)
            given |= {"session_id": session_id, "sha256": "a" * 64, "speaker": "S1"}
            key = kind.key(**given)
            store.put(key, b'{"said": "Can lah"}', kind.content_type)
    return store


@pytest.fixture
def archive(warehouse: Warehouse, objects: MemoryBlobStore) -> zipfile.ZipFile:
    return zip_of(MyData(warehouse, objects), MEI)


def zip_of(data: MyData, user: UserId) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(data.file(user))))


def test_every_table_of_the_erasure_table_is_told_or_has_a_reason() -> None:
    assert set(TABLES) == set(erasure.TABLES)
    touched = {
        name
        for name, rule in erasure.TABLES.items()
        if any(not isinstance(one, Stays) for one in rule.person)
    }
    assert touched <= set(HELD)  # what erasure removes of a person is held about that person
    assert all(found.reason for found in TABLES.values() if isinstance(found, NotHeld))


def test_every_prefix_of_the_erasure_table_is_told() -> None:
    roots = {kind.root(MINE) for kind in OBJECTS}
    wanted = {*erased_prefixes(MINE), *expired_prefixes(MINE)}
    assert [one for one in wanted if not one.startswith(tuple(roots))] == []


def test_the_file_has_a_row_of_every_table_as_json_and_csv(archive: zipfile.ZipFile) -> None:
    document = json.loads(archive.read("my-data.json"))
    assert {name for name, rows in document["tables"].items() if not rows} == set()
    assert set(document["tables"]) | set(document["not_held"]) == set(erasure.TABLES)
    for name, rows in document["tables"].items():
        told = list(
            csv.DictReader(io.StringIO(archive.read(f"tables/{name}.csv").decode("utf-8-sig")))
        )
        assert len(told) == len(rows), name
        assert list(told[0]) == list(rows[0]), name


def test_nothing_of_anybody_else_is_in_it(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        text = archive.read(name).decode()
        assert BENG not in text, name
        assert THEIRS not in text, name
    published = json.loads(archive.read("my-data.json"))["tables"]["published_words"]
    assert [row["own_counts"] for row in published] == [3]


def test_a_clip_of_before_a_split_is_told_to_nobody_who_has_the_other_half(
    tmp_path: Path, objects: MemoryBlobStore
) -> None:
    """A generation with fewer clips leaves rows of the one before, when the voice was of two."""
    of_theirs = {"session_id": THEIRS, "speaker": "S1"}
    with filled(tmp_path) as found:
        put(found, "claims", {**of_theirs, "user_id": MEI, "kind": "self", "claimed_at": NOW})
        put(found, "session_totals", {"session_id": THEIRS, "generation": 2})
        for ordinal, generation in ((0, 2), (1, 1)):
            put(found, "clips", {**of_theirs, "ordinal": ordinal, "generation": generation})
            key = CLIP.key(session_id=THEIRS, speaker="S1", ordinal=ordinal, generation=generation)
            objects.put(key, b"audio", CLIP.content_type)
        told = zip_of(MyData(found, objects), MEI)
    rows = json.loads(told.read("my-data.json"))["tables"]["clips"]
    assert [row["ordinal"] for row in rows] == [0]
    sounds = [name for name in told.namelist() if name.startswith("clips/")]
    assert len(sounds) == 1


def test_objects_are_named_and_texts_are_in_it(archive: zipfile.ZipFile) -> None:
    document = json.loads(archive.read("my-data.json"))
    for kind in (CHUNK, CLIP, TURNS):
        assert any(kind.matches(key) for key in document["objects"])
    assert len(document["objects"]) == len(OBJECTS)
    assert {"said": "Can lah"} in document["texts"].values()


def test_recordings_and_clips_of_ones_own_voices_are_files(
    warehouse: Warehouse, objects: MemoryBlobStore
) -> None:
    recording = CHUNK.key(session_id=MINE, seq=7, sha256="b" * 64)
    objects.put(recording, b"OggS", "audio/ogg; codecs=opus")
    others_voice = CLIP.key(session_id=MINE, generation=1, speaker="S2", ordinal=0)
    objects.put(others_voice, b"fLaC", CLIP.content_type)
    mine_elsewhere = CLIP.key(session_id=THEIRS, generation=3, speaker="S9", ordinal=0)
    objects.put(mine_elsewhere, b"fLaC mine", CLIP.content_type)
    claim = {"session_id": THEIRS, "speaker": "S9", "kind": "user", "user_id": MEI, "version": 1}
    put(warehouse, "claims", claim)
    put(warehouse, "clips", {"session_id": THEIRS, "speaker": "S9", "generation": 3})
    shown = {"session_id": THEIRS, "generation": 3, "version": 1}
    put(warehouse, "session_totals", shown)
    archive = zip_of(MyData(warehouse, objects), MEI)
    warehouse.command("ALTER TABLE claims DELETE WHERE speaker = 'S9' SETTINGS mutations_sync = 1")
    names = set(archive.namelist())
    assert archive.read(f"{recording}.ogg") == b"OggS"
    assert archive.read(mine_elsewhere) == b"fLaC mine"
    assert others_voice not in names
    assert not [name for name in names if name.startswith(f"audio/{THEIRS}")]
    assert archive.testzip() is None


def test_every_kind_of_object_is_in_it_as_it_says(archive: zipfile.ZipFile) -> None:
    document = json.loads(archive.read("my-data.json"))
    ways = {kind: form_of(kind) for kind in OBJECTS}
    assert set(ways.values()) == set(ObjectForm)
    for kind, way in ways.items():
        as_text = [key for key in document["texts"] if kind.matches(key)]
        as_audio = [name for name in archive.namelist() if name.startswith(kind.root(MINE))]
        assert bool(as_text) == (way is ObjectForm.TEXT), kind
        if way is ObjectForm.RECORDING:
            assert as_audio
        assert [key for key in document["objects"] if kind.matches(key)], kind


class Counted(MemoryBlobStore):
    """Notes which objects were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def whole(self, key: str) -> tuple[bytes, str]:
        self.read.append(key)
        return super().whole(key)


def test_audio_is_read_while_it_is_taken(warehouse: Warehouse) -> None:
    store = Counted()
    keys = [CHUNK.key(session_id=MINE, seq=n, sha256="c" * 64) for n in range(3)]
    for key in keys:
        store.put(key, bytes(1 << 20), "audio/wav")
    pieces = MyData(warehouse, store).file(MEI)
    assert store.read == []
    taken = 0
    while len(store.read) < 2:
        taken += len(next(pieces))
    assert taken >= 1 << 20  # the first was taken before the second was read
    assert zipfile.is_zipfile(io.BytesIO(b"".join(pieces)))


def test_somebody_of_whom_nothing_is_known_gets_an_empty_file(
    warehouse: Warehouse, objects: MemoryBlobStore
) -> None:
    archive = zip_of(MyData(warehouse, objects), UserId("nobody"))
    document = json.loads(archive.read("my-data.json"))
    assert {name: rows for name, rows in document["tables"].items() if rows} == {}
    assert document["objects"] == []
