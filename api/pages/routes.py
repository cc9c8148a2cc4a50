"""`/wrapped` and its files, under a policy that lets nothing else run."""

import json
from pathlib import Path
from typing import Any

import font_roboto
from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from adapters.http.problems import not_found

STATIC = Path(__file__).parent / "static"
FONTS = Path(font_roboto.__file__).parent / "files"
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".html": "text/html",
    ".ttf": "font/ttf",
    ".svg": "image/svg+xml",
}
FILES = {
    path.name: path
    for path in (*STATIC.iterdir(), FONTS / "Roboto-Regular.ttf", FONTS / "Roboto-Bold.ttf")
    if path.suffix in KINDS
}
"""Every file that may be asked for, by name: no path of the request is ever followed."""


def router(gateway_url: str, store_url: str) -> APIRouter:
    """The page asks this side for numbers, `gateway_url` for claims and links, and plays clips from `store_url`."""
    app = APIRouter(include_in_schema=False)
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; connect-src 'self' {gateway_url}; "
        f"media-src {store_url}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }

    @app.get("/wrapped")
    def page() -> Response:
        """The story."""
        return FileResponse(FILES["wrapped.html"], media_type="text/html", headers=headers)

    @app.get("/wrapped/where.json")
    def where() -> Response:
        """Where links are made."""
        body: dict[str, Any] = {"gateway": gateway_url}
        return Response(json.dumps(body), media_type="application/json", headers=headers)

    @app.get("/wrapped/{name}")
    def file(name: str) -> Response:
        """A part of the page."""
        if name not in FILES:
            raise not_found("file")
        return FileResponse(FILES[name], media_type=KINDS[FILES[name].suffix], headers=headers)

    return app
