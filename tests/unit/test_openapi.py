"""Both OpenAPI documents can be read by generators of types: every answer has a schema."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deploy.openapi.applications import applications

DOCUMENTS = {side: app.openapi() for side, app in applications().items()}
SIDES = sorted(DOCUMENTS)
BARE: tuple[dict[str, Any], ...] = (
    {},
    {"type": "object"},
    {"type": "object", "additionalProperties": True},
)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one)


def resolved(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def json_answers(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every JSON answer of a success, with the name of its route."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if status.startswith("2") and "application/json" in content:
                    yield f"{method.upper()} {path} {status}", content["application/json"]["schema"]


@pytest.mark.parametrize("side", SIDES)
def test_every_reference_leads_somewhere(side: str) -> None:
    document = DOCUMENTS[side]
    for reference in set(references(document)):
        assert reference.startswith("#/")
        assert resolved(document, reference)


@pytest.mark.parametrize("side", SIDES)
def test_every_json_answer_has_a_schema_with_fields(side: str) -> None:
    document = DOCUMENTS[side]
    answers = dict(json_answers(document))
    assert answers
    for route, schema in answers.items():
        whole = resolved(document, schema["$ref"]) if "$ref" in schema else schema
        kept = {
            name: value for name, value in whole.items() if name not in ("title", "description")
        }
        assert kept not in BARE, route
        assert kept.get("properties") or kept.get("anyOf") or kept.get("oneOf"), route


@pytest.mark.parametrize("side", SIDES)
def test_every_example_fits_its_schema(side: str) -> None:
    schemas = DOCUMENTS[side]["components"]["schemas"]
    for name, schema in schemas.items():
        whole = {**schema, "components": {"schemas": schemas}}
        for example in schema.get("examples", []):
            assert not list(Draft202012Validator(whole).iter_errors(example)), name


def test_an_answer_of_the_read_side_has_an_example() -> None:
    document = DOCUMENTS["api"]
    for route, schema in json_answers(document):
        assert resolved(document, schema["$ref"]).get("examples"), route
