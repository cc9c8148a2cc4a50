"""OpenAPI documents of both HTTP sides, made from the routes: `gateway.json` and `api.json`."""

import json
from pathlib import Path

from fastapi import FastAPI

from api import app as api
from producers.gateway import app as gateway

HERE = Path(__file__).parent


def applications() -> dict[str, FastAPI]:
    """Both sides without services: good for asking what their routes are, and for nothing else."""
    return {"gateway": gateway.build(), "api": api.build()}


def files() -> dict[Path, str]:
    """Every document with its text."""
    return {
        HERE / f"{side}.json": json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"
        for side, app in applications().items()
    }
