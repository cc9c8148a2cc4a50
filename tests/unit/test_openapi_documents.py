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
