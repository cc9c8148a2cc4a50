"""OpenAPI documents of both HTTP sides, made from the routes: `gateway.json` and `api.json`."""

import json
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI

from adapters.http.tokens import UserTokens
from api import app as api
from api.http import Parts as ApiParts
from producers.gateway import app as gateway

HERE = Path(__file__).parent


def applications() -> dict[str, FastAPI]:
    """Both sides with nothing behind them: good for asking what their routes are, and for nothing else."""
    nothing = cast(Any, None)
    users = UserTokens.__new__(UserTokens)
    return {
        "gateway": gateway.build(""),
        "api": api.build(
            ApiParts(nothing, nothing, nothing, nothing, nothing, users, nothing), "", ""
        ),
    }


def files() -> dict[Path, str]:
    """Every document with its text."""
    return {
        HERE / f"{side}.json": json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"
        for side, app in applications().items()
    }
