"""Every error of an HTTP process as `application/problem+json` (RFC 9457).

That includes the errors of the framework: 404, 405, 422 and 500.
"""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI, Request, Response
from fastapi_problem.handler import add_exception_handler, new_exception_handler
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from rfc9457 import Problem, StatusProblem

from adapters.http.framework_errors import advised, not_well_made

RETRYABLE = {429, 503}
RETRY_AFTER_S = 2
"""Where nobody knows better."""
COMPONENTS = "#/components/schemas/"
Document = dict[str, Any]
"""An OpenAPI document, as FastAPI makes it."""
Responses = dict[int | str, dict[str, Any]]
"""`responses=` of a route: a status, or "4XX", and its description."""


class HttpProblem(Problem):
    """Raise it to answer with an error.

    `kind` is the problem's type, in kebab case. `retry_after_s` becomes the header Retry-After.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str,
        *,
        retry_after_s: int | None = None,
        retryable: bool | None = None,
    ) -> None:
        if retryable is None:
            retryable = status in RETRYABLE
        if retry_after_s is None and status in RETRYABLE:
            retry_after_s = RETRY_AFTER_S
        headers = None
        if retry_after_s is not None:
            headers = {"Retry-After": str(retry_after_s)}
        super().__init__(
            title, type_=kind, status=status, detail=detail, headers=headers, retryable=retryable
        )


class Defect(StatusProblem):
    """500. The log has the error; its text may hold what others said, and is told to nobody."""

    type_ = "defect"
    title = "Something is wrong here"

    def __init__(self, _error: str | None = None, **given: Any) -> None:
        detail = "This is a fault of ours. Nothing that was safely stored is lost."
        super().__init__(detail, **given)


def not_found(what: str = "session") -> HttpProblem:
    """404. One answer for what does not exist and for what the caller may not know of."""
    return HttpProblem(
        404, f"no-such-{what}", f"No such {what}", f"There is no such {what}, or it is not yours."
    )


def away(part: str) -> HttpProblem:
    """503: `part` does not answer now. The same request may succeed later."""
    return HttpProblem(
        503,
        "part-away",
        "Try again",
        f"{part} does not answer just now; nothing was lost.",
    )


def full(part: str) -> HttpProblem:
    """503: `part` answers, and takes nothing now. The same request succeeds when it has room."""
    return HttpProblem(
        503,
        "part-full",
        "Try again later",
        f"{part} takes nothing just now: it may be full. Nothing was lost; keep what you have.",
        retry_after_s=30,
    )


def install(app: FastAPI, answers: Mapping[type[Exception], HttpProblem] | None = None) -> None:
    """Give `app` the handlers and its document the schema of a problem. Call it once.

    `answers`: exceptions that routes may raise in place of a HttpProblem, with their answers.
    """
    own: dict[type[Exception], Callable[[Any, Request, Any], Problem]] = {
        error: _constant(refusal) for error, refusal in (answers or {}).items()
    }
    handler = new_exception_handler(
        unhandled_wrappers={"500": Defect},
        handlers=own,
        post_hooks=[_completed],
        http_exception_handler=advised,
        request_validation_handler=not_well_made,
    )
    add_exception_handler(app, handler, generic_swagger_defaults=False)
    for error in own:
        app.add_exception_handler(error, handler)
    app.openapi = _with_schemas(app.openapi)  # type: ignore[method-assign]


def _constant(refusal: HttpProblem) -> Callable[[Any, Request, Exception], HttpProblem]:
    """A handler of fastapi_problem that answers with `refusal`."""
    return lambda _handler, _request, _error: refusal


def _completed(
    content: dict[str, Any], request: Request, response: Response
) -> tuple[dict[str, Any], Response]:
    """Every problem has `retryable` and a `request_id`, also those of the framework."""
    content = _whole(content, _request_id(request))
    headers = {
        name: value
        for name, value in response.headers.items()
        if name.lower() not in ("content-length", "content-type")
    }
    if response.status_code in RETRYABLE:
        headers.setdefault("retry-after", str(RETRY_AFTER_S))
    return content, _response(content, response.status_code, headers)


def _request_id(request: Request) -> str:
    """The caller's key as `/v1/requests` knows it; a new id where there is none, or it is no id."""
    try:
        return str(UUID(request.headers.get("Idempotency-Key", "")))
    except ValueError:
        return str(uuid4())


def _whole(content: dict[str, Any], request_id: str) -> dict[str, Any]:
    whole = {**content, "request_id": request_id}
    whole.setdefault("retryable", content.get("status") in RETRYABLE)
    return whole


def _response(
    content: dict[str, Any],
    status: int,
    headers: Mapping[str, str] | None,
) -> Response:
    body = json.dumps(content)
    return Response(body, status, headers, media_type="application/problem+json")


def content_of(problem: Problem) -> dict[str, Any]:
    """The body of a problem, for those who answer before the application does."""
    return _whole(problem.marshal(), str(uuid4()))


def answer_to(problem: Problem) -> Response:
    """The answer, for those who answer before the application does."""
    return _response(content_of(problem), problem.status, problem.headers)


class FieldError(BaseModel):
    """One field that is wrong. `loc` is the path to it, `type` a fixed word for the mistake."""

    type: str
    loc: list[str | int]
    msg: str


class ProblemBody(BaseModel):
    """The body of every error (RFC 9457).

    `type` names the kind of error. `retryable`: the same request may succeed later.
    `errors` is there when the request is not well made (422).
    """

    type: str
    title: str
    status: int
    detail: str
    retryable: bool
    request_id: str
    errors: list[FieldError] = []


def _with_schemas(make: Callable[[], Document]) -> Callable[[], Document]:
    """`make`, with `ProblemBody` for every error, and without fastapi_problem's schemas.

    One of those refers to a `ValidationError` that no document defines: generators of types stop.
    """

    def document() -> Document:
        made = make()
        schemas = made["components"]["schemas"]
        for unused in ("HTTPValidationError", "Problem"):
            schemas.pop(unused, None)
        _, ours = models_json_schema(
            [(ProblemBody, "serialization")], ref_template=COMPONENTS + "{model}"
        )
        schemas.update(ours["$defs"])
        return made

    return document


def documented(*statuses: int | str) -> Responses:
    """`responses=` of routes that may answer with these errors; "4XX" is any status from 400."""
    schema = {"$ref": f"{COMPONENTS}ProblemBody"}
    content = {"application/problem+json": {"schema": schema}}
    return {status: {"description": _phrase(status), "content": content} for status in statuses}


def _phrase(status: int | str) -> str:
    if isinstance(status, int):
        return HTTPStatus(status).phrase
    return {"4XX": "Client Error", "5XX": "Server Error"}[status]


EVERYWHERE = documented(401, 404, 422, 429, 503, "4XX", "5XX")
"""Errors of every route.

401: the caller is unknown. 404: nothing the caller may know of. 422: the request is not well made.
429: too many requests. 503: a server that we need is away.
"""
