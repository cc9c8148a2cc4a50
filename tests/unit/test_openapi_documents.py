"""Both OpenAPI documents can be read by generators of types: every answer has a schema."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.documents import documents, operations

DOCUMENTS = documents()
SIDES = sorted(DOCUMENTS)
SCHEMA = "#/components/schemas/"
BARE: tuple[dict[str, Any], ...] = (
    {},
    {"type": "object"},
    {"type": "object", "additionalProperties": True},
)


def references(part: object) -> Iterator[str]:
    """Every `$ref` below `part`."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for value in part:
            yield from references(value)


def schema_of(side: str, reference: str) -> dict[str, Any]:
    """The schema that a `$ref` names."""
    schemas: dict[str, dict[str, Any]] = DOCUMENTS[side]["components"]["schemas"]
    return schemas[reference.removeprefix(SCHEMA)]


def json_answers(side: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema of every JSON answer of a success, with its route and status."""
    for method, path, operation in operations(DOCUMENTS[side]):
        for status, response in operation["responses"].items():
            content = response.get("content", {})
            if status.startswith("2") and "application/json" in content:
                yield f"{method} {path} {status}", content["application/json"]["schema"]


@pytest.mark.parametrize("side", SIDES)
def test_every_reference_leads_to_a_schema(side: str) -> None:
    defined = {f"{SCHEMA}{name}" for name in DOCUMENTS[side]["components"]["schemas"]}
    assert set(references(DOCUMENTS[side])) <= defined
    assert all(schema_of(side, reference) for reference in references(DOCUMENTS[side]))


@pytest.mark.parametrize("side", SIDES)
def test_every_error_is_a_problem(side: str) -> None:
    for _, _, operation in operations(DOCUMENTS[side]):
        errors = {
            status: answer["content"]
            for status, answer in operation["responses"].items()
            if status[0] in "45"
        }
        assert errors.keys() >= {"401", "404", "422", "503", "4XX", "5XX"}
        assert {tuple(content) for content in errors.values()} == {("application/problem+json",)}


@pytest.mark.parametrize("side", SIDES)
def test_every_json_answer_has_a_schema_of_its_own_with_fields(side: str) -> None:
    answers = dict(json_answers(side))
    assert answers
    for route, schema in answers.items():
        assert list(references(schema)), route
        whole = schema_of(side, schema["$ref"]) if "$ref" in schema else schema
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


@pytest.mark.parametrize("side", SIDES)
def test_every_json_answer_has_an_example(side: str) -> None:
    for route, schema in json_answers(side):
        named = list(references(schema))
        assert named, route
        assert all(schema_of(side, reference).get("examples") for reference in named), route
