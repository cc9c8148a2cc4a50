"""My data as a file: every table and every prefix of the erasure table, and nobody else's rows."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.warehouse import Warehouse
from api.my_data.held import OBJECTS, TABLES, Held, NotHeld
from api.my_data.service import MyData, as_csv
from deploy.clickhouse.migration_files import tables
from schemas import erasure
from schemas.erasure import Stays
from schemas.ids import SessionId, UserId
from schemas.object_kinds import CHUNK, CLIP, TURNS
from tests.integration.served import filled
from tests.memory_blob_store import MemoryBlobStore
from tests.reference.telling import put

MEI, BENG = UserId("mei"), UserId("beng")
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
    return zipfile.ZipFile(MyData(warehouse, objects).file(MEI))


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
    wanted = {*erasure.erased_prefixes(MINE), *erasure.expired_prefixes(MINE)}
    assert [one for one in wanted if not one.startswith(tuple(roots))] == []


def test_the_file_has_a_row_of_every_table_as_json_and_csv(archive: zipfile.ZipFile) -> None:
    document = json.loads(archive.read("my-data.json"))
    assert {name for name, rows in document["tables"].items() if not rows} == set()
    assert set(document["tables"]) | set(document["not_held"]) == set(erasure.TABLES)
    for name, rows in document["tables"].items():
        told = list(csv.DictReader(io.StringIO(archive.read(f"tables/{name}.csv").decode())))
        assert len(told) == len(rows), name
        assert list(told[0]) == list(rows[0]), name


def test_nothing_of_anybody_else_is_in_it(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        text = archive.read(name).decode()
        assert BENG not in text, name
        assert THEIRS not in text, name
    published = json.loads(archive.read("my-data.json"))["tables"]["published_words"]
    assert [row["own_counts"] for row in published] == [3]


def test_objects_are_named_and_texts_are_in_it(archive: zipfile.ZipFile) -> None:
    document = json.loads(archive.read("my-data.json"))
    for kind in (CHUNK, CLIP, TURNS):
        assert any(kind.matches(key) for key in document["objects"])
    assert len(document["objects"]) == len(OBJECTS)
    assert {"said": "Can lah"} in document["texts"].values()


def test_somebody_of_whom_nothing_is_known_gets_an_empty_file(
    warehouse: Warehouse, objects: MemoryBlobStore
) -> None:
    archive = zipfile.ZipFile(MyData(warehouse, objects).file(UserId("nobody")))
    document = json.loads(archive.read("my-data.json"))
    assert {name: rows for name, rows in document["tables"].items() if rows} == {}
    assert document["objects"] == []


def test_a_spreadsheet_runs_no_name_as_a_formula() -> None:
    told = list(csv.DictReader(io.StringIO(as_csv(['{"name": "=1+1", "n": -1, "l": ["a"]}']))))
    assert told == [{"name": "'=1+1", "n": "-1", "l": '["a"]'}]
