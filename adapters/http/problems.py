"""RFC 9457 problem+json for every error of every HTTP process, 404, 405, 422 and 500 included."""

import json
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi_problem.handler import add_exception_handler, new_exception_handler
from pydantic import BaseModel
from rfc9457 import Problem

RETRYABLE = {429, 503}


class Refusal(Problem):
    """An answer that is an error: `kind` is its type in kebab case, `retry_after_s` becomes the header."""

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
        extras: dict[str, Any] = {
            "retryable": status in RETRYABLE if retryable is None else retryable
        }
        headers = {"Retry-After": str(retry_after_s)} if retry_after_s is not None else None
        super().__init__(title, type_=kind, status=status, detail=detail, headers=headers, **extras)


def not_found(what: str = "session") -> Refusal:
    """What does not exist and what the caller may not know of are the same answer."""
    return Refusal(
        404, f"no-such-{what}", f"No such {what}", f"There is no such {what}, or it is not yours."
    )


def away(part: str) -> Refusal:
    """A part behind us does not answer just now."""
    return Refusal(
        503,
        "part-away",
        "Try again",
        f"{part} does not answer just now; nothing was lost.",
        retry_after_s=2,
    )


def install(app: FastAPI) -> None:
    """Give `app` the handlers; every problem gets `retryable` and a `request_id`."""
    add_exception_handler(app, new_exception_handler(post_hooks=[_completed]))


def _completed(
    content: dict[str, Any], request: Request, response: Response
) -> tuple[dict[str, Any], Response]:
    content = {**content, "request_id": request.headers.get("Idempotency-Key") or str(uuid4())}
    content.setdefault("retryable", content.get("status") in RETRYABLE)
    headers = {
        k: v
        for k, v in response.headers.items()
        if k.lower() not in ("content-length", "content-type")
    }
    return content, Response(
        json.dumps(content), response.status_code, headers, media_type="application/problem+json"
    )


class ProblemBody(BaseModel):
    """What every error is (RFC 9457). `retryable`: the same request may succeed later."""

    type: str
    title: str
    status: int
    detail: str | None = None
    retryable: bool
    request_id: str


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of routes that may answer with these errors."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {
        status: {"model": ProblemBody, "description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


EVERYWHERE = documented(401, 404, 422, 503)
"""Of every route: who is calling, what they may not know of, what is not well made, and a part that is away."""
