"""Queries of requests: each parameter is one that the route takes, and comes once."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import Depends, Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute


async def _known(request: Request) -> None:
    """RequestValidationError for a parameter that would be passed over in silence.

    A misspelt `period` would be answered with the numbers of another one, and of two periods the
    caller could not tell which was meant.
    """
    if request.scope["query_string"]:
        names = [name for name, _ in request.query_params.multi_items()]
        if mistakes := list(_mistakes(names, _names(request.scope["route"]))):
            raise RequestValidationError(mistakes)


KnownQuery = Depends(_known)
"""A dependency of routes whose callers are programs. Links that people pass on get parameters."""


def _names(route: APIRoute) -> tuple[str, ...]:
    every = get_flat_params(route.dependant)
    return tuple(one.alias for one in every if isinstance(one.field_info, params.Query))


def _mistakes(names: list[str], known: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    taken = f"takes {', '.join(known)}" if known else "takes no parameter"
    for name, times in Counter(names).items():
        if name not in known:
            yield _mistake(name, "extra_forbidden", f"Unknown parameter: this address {taken}")
        elif times > 1:
            yield _mistake(name, "repeated", "Send this parameter once")


def _mistake(name: str, kind: str, text: str) -> dict[str, Any]:
    return {"type": kind, "loc": ("query", name), "msg": text}
