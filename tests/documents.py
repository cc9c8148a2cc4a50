"""The OpenAPI documents of both sides, and walking them."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from deploy.openapi.applications import applications


@cache
def documents() -> dict[str, dict[str, Any]]:
    """The document of each side, written once in a process. Nobody may change it."""
    return {side: app.openapi() for side, app in applications().items()}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every route of the document: its method in capitals, its path, and what it says of both."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def routes(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Method and path of every route of the document."""
    return {(method, path) for method, path, _ in operations(document)}
