"""The OpenAPI documents are whole: generators of types can read them."""

from collections.abc import Iterator

import pytest

from deploy.openapi.applications import applications

DOCUMENTS = {side: app.openapi() for side, app in applications().items()}


def references(part: object) -> Iterator[str]:
    """Every `$ref` below `part`."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    if isinstance(part, list):
        for value in part:
            yield from references(value)


@pytest.mark.parametrize("side", DOCUMENTS)
def test_every_reference_leads_to_a_schema(side: str) -> None:
    document = DOCUMENTS[side]
    defined = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= defined


@pytest.mark.parametrize("side", DOCUMENTS)
def test_every_error_is_a_problem(side: str) -> None:
    for methods in DOCUMENTS[side]["paths"].values():
        for route in methods.values():
            errors = {
                status: answer["content"]
                for status, answer in route["responses"].items()
                if status[0] in "45"
            }
            assert errors.keys() >= {"401", "404", "422", "503", "4XX", "5XX"}
            assert {tuple(content) for content in errors.values()} == {
                ("application/problem+json",)
            }


def answers(side: str) -> Iterator[tuple[str, object]]:
    """The schema of every JSON answer that is no error, with the route and the status."""
    for path, methods in DOCUMENTS[side]["paths"].items():
        for method, route in methods.items():
            for status, answer in route["responses"].items():
                content = answer.get("content", {})
                if status[0] == "2" and "application/json" in content:
                    yield f"{method} {path} {status}", content["application/json"].get("schema")


@pytest.mark.parametrize("side", DOCUMENTS)
def test_every_json_answer_has_a_schema_of_its_own(side: str) -> None:
    without = [place for place, schema in answers(side) if not list(references(schema))]
    assert without == []


def test_every_answer_of_the_write_side_has_an_example() -> None:
    schemas = DOCUMENTS["gateway"]["components"]["schemas"]
    named = {name for _, schema in answers("gateway") for name in references(schema)}
    without = [name for name in named if "examples" not in schemas[name.rpartition("/")[2]]]
    assert without == []
