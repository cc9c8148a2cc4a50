"""`python -m deploy.openapi.documents [--check]`: `gateway.json` and `api.json` beside this file, from the routes themselves.

`--check` changes nothing and fails when a committed document is not what the routes say.
"""

import json
import sys
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


def main(arguments: list[str]) -> int:
    """0 when all is well; 1 with what to do."""
    stale = [
        path for path, text in files().items() if not path.exists() or path.read_text() != text
    ]
    if "--check" in arguments:
        sys.stderr.write(
            "".join(
                f"stale: {path.name} (run `python -m deploy.openapi.documents`)\n" for path in stale
            )
        )
        return 1 if stale else 0
    for path, text in files().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
