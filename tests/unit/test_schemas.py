"""Every event has a golden example; the documents made from the types are fresh and compatible."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from schemas import compatibility, documents
from schemas.codec import decode, encode
from schemas.event import Event
from schemas.rejections import Reason, Rejected
from schemas.topics import EVENT_TYPES
from tests.golden import HOMES, PATHS

every_example = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def test_every_event_has_an_example() -> None:
    assert {path.name.split(".")[0] for path in PATHS} == set(HOMES)


@every_example
def test_an_example_is_read_and_written_unchanged(path: Path) -> None:
    document = json.loads(path.read_text())
    event = decode(HOMES[document["type"]], path.read_bytes())
    assert json.loads(encode(event)) == document
    schema = documents.GENERATED / "json" / f"{document['type']}.v1.json"
    jsonschema.validate(document, json.loads(schema.read_text()))


@every_example
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 2}, Reason.UNKNOWN_VERSION),
        ({"brand_new": 1}, Reason.MALFORMED_EVENT),
        ({"event_id": "of something else"}, Reason.MALFORMED_EVENT),
    ],
    ids=["newer", "unknown field", "wrong id"],
)
def test_another_version_field_or_id_is_rejected(
    path: Path, change: dict[str, object], reason: Reason
) -> None:
    document = json.loads(path.read_text())
    with pytest.raises(Rejected) as rejected:
        decode(HOMES[document["type"]], json.dumps(document | change).encode())
    assert rejected.value.reason is reason


@every_example
def test_an_example_without_its_id_does_not_follow_its_schema(path: Path) -> None:
    document = json.loads(path.read_text())
    del document["event_id"]
    schema = documents.json_schema(EVENT_TYPES[document["type"]])
    with pytest.raises(jsonschema.ValidationError, match="'event_id' is a required property"):
        jsonschema.validate(document, schema)


def test_the_generated_files_are_fresh_and_no_other_file_lies_beside_them() -> None:
    generated = documents.generated()
    assert [str(path) for path, text in generated.items() if path.read_text() != text] == []
    assert set(documents.GENERATED.rglob("*.json")) == set(generated)


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = json.loads((documents.GENERATED / "asyncapi.json").read_text())
    for reference in references(document):
        if reference.startswith("#/"):
            found = document
            for step in reference[2:].split("/"):
                found = found[step]
        else:
            assert (documents.GENERATED / reference).exists()


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [r for value in node.values() for r in references(value)]
    return []


def test_what_is_published_is_not_broken() -> None:
    assert compatibility.problems() == []


class Before(Event, tag="Thing", identity=("a",)):
    a: int
    b: int


class After(Event, tag="Thing", identity=("a",)):
    a: str
    c: int = 1


def test_the_ways_to_break_a_reader_are_found() -> None:
    old, new = (
        {"Thing": {"$defs": {"Thing": msgspec.json.schema(kind)["$defs"][kind.__name__]}}}
        for kind in (Before, After)
    )
    assert compatibility.incompatible_changes(old, new) == [
        "Thing: Thing.b is gone",
        "Thing: Thing.c is new, and readers of this version refuse fields they do not know",
        "Thing: Thing.a changed",
    ]
    assert compatibility.incompatible_changes(old, {}) == ["Thing is gone"]
