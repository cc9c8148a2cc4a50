"""Errors of the framework as problems: an address, a method or a body that it does not take."""

from itertools import islice
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi_problem.handler import http_exception_handler_
from rfc9457 import Problem
from starlette.exceptions import HTTPException

ADVICE = {
    400: "The body cannot be read: send JSON in UTF-8.",
    404: "There is no such address here: /docs/api lists them all.",
    405: "This address does not take this method: the header Allow names those that it takes.",
}
"""The details of the framework's errors. Its own repeat the title."""


def advised(handler: Any, request: Request, error: HTTPException) -> Problem:
    """400, 404 or 405 with advice."""
    problem = http_exception_handler_(handler, request, error)
    problem.detail = ADVICE.get(error.status_code, problem.detail)
    return problem


MOST_ERRORS = 20
"""Mistakes that one answer names: a body may have thousands."""
MOST_CHARACTERS = 100
"""Characters of a key in the path to a mistake: the caller may have made the key up."""
MOST_OF_MESSAGE = 400
"""Characters of what is said of a mistake. A list of all that a field may be is shorter."""
OF_OURS = "Value error, "
"""Pydantic's words before what a check of ours says. They help nobody."""


def not_well_made(_handler: Any, _request: Request, error: RequestValidationError) -> Problem:
    """422 without the values that were sent: not all that JSON can say can be said back.

    Its detail is about the first mistake, for those who read no list.
    """
    errors = [
        {
            "type": mistake["type"],
            "loc": [_sayable(step) for step in mistake["loc"]],
            "msg": _said(mistake["msg"]),
        }
        for mistake in islice(error.errors(), MOST_ERRORS)
    ]
    first = errors[0]
    place = ".".join(map(str, first["loc"]))
    return Problem(
        "Not well made",
        type_="request-validation-failed",
        status=422,
        detail=f"{place}: {first['msg']}",
        errors=errors,
    )


def _sayable(step: str | int) -> str | int:
    return step if isinstance(step, int) else _text(step[:MOST_CHARACTERS])


def _said(message: str) -> str:
    return _text(message.removeprefix(OF_OURS)[:MOST_OF_MESSAGE])


def _text(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
