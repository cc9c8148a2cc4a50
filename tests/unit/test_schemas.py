"""Every event has a golden example that is read as it was written; the generated documents are fresh and compatible."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from schemas import generate, topics
from schemas.codec import decode, encode
from schemas.event import Event
from schemas.rejections import Reason, Rejected
from schemas.topics import Topic

GOLDEN = sorted(Path("schemas/golden").glob("*.json"))
HOMES = [(kind, topic) for topic in topics.ALL for kind in topic.events]


def home(name: str) -> Topic:
    return next(topic for kind, topic in HOMES if kind.__name__ == name)


def test_every_event_has_an_example() -> None:
    assert {path.name.split(".")[0] for path in GOLDEN} == {kind.__name__ for kind, _ in HOMES}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_an_example_is_read_and_written_unchanged(path: Path) -> None:
    document = json.loads(path.read_text())
    event = decode(home(document["type"]), path.read_bytes())
    assert json.loads(encode(event)) == document
    schema = json.loads((generate.GENERATED / "json" / f"{document['type']}.v1.json").read_text())
    jsonschema.validate(document, schema)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_newer_version_and_an_unknown_field_are_refused(path: Path) -> None:
    document = json.loads(path.read_text())
    for change, reason in (
        ({"version": 2}, Reason.UNKNOWN_VERSION),
        ({"brand_new": 1}, Reason.MALFORMED_EVENT),
    ):
        with pytest.raises(Rejected) as refused:
            decode(home(document["type"]), json.dumps(document | change).encode())
        assert refused.value.reason is reason


def test_the_generated_files_are_fresh() -> None:
    assert [str(path) for path, text in generate.files().items() if path.read_text() != text] == []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = json.loads((generate.GENERATED / "asyncapi.json").read_text())
    for reference in references(document):
        if reference.startswith("#/"):
            found = document
            for step in reference[2:].split("/"):
                found = found[step]
        else:
            assert (generate.GENERATED / reference).exists()


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [r for value in node.values() for r in references(value)]
    return []


def test_what_is_published_is_not_broken() -> None:
    present = {name: generate.json_schema(kind) for name, kind in generate.kinds().items()}
    assert generate.breaks(json.loads(generate.PUBLISHED.read_text()), present) == []


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
    assert generate.breaks(old, new) == [
        "Thing: Thing.b is gone",
        "Thing: Thing.c is new, and readers of this version refuse fields they do not know",
        "Thing: Thing.a changed",
    ]
    assert generate.breaks(old, {}) == ["Thing is gone"]
