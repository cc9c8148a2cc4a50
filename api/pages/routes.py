"""The page at `/wrapped` and its files, under a policy that lets nothing else run."""

from pathlib import Path

import font_roboto
from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, JSONResponse

from adapters.http.problems import not_found

STATIC = Path(__file__).parent / "static"
FONTS = Path(font_roboto.__file__).parent / "files"
MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".html": "text/html",
    ".ttf": "font/ttf",
    ".svg": "image/svg+xml",
}
SERVED = (*STATIC.iterdir(), FONTS / "Roboto-Regular.ttf", FONTS / "Roboto-Bold.ttf")
FILES = {path.name: path for path in SERVED if path.suffix in MEDIA_TYPES}
"""Every file that is served, by name: no path of a request is ever followed."""


def router(gateway_url: str, store_url: str) -> APIRouter:
    """Routes of the page.

    The page asks this side for numbers and `gateway_url` for claims and links; it plays clips from
    `store_url`.
    """
    routes = APIRouter(include_in_schema=False)
    headers = _headers(gateway_url, store_url)

    @routes.get("/wrapped")
    def page() -> Response:
        """The story."""
        return FileResponse(FILES["wrapped.html"], media_type="text/html", headers=headers)

    @routes.get("/wrapped/where.json")
    def where() -> Response:
        """The address of the gateway, where links are made."""
        return JSONResponse({"gateway": gateway_url}, headers=headers)

    @routes.get("/wrapped/{name}")
    def file(name: str) -> Response:
        """A file of the page."""
        if name not in FILES:
            raise not_found("file")
        path = FILES[name]
        return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers=headers)

    return routes


def _headers(gateway_url: str, store_url: str) -> dict[str, str]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src 'self' blob:; connect-src 'self' {gateway_url}; media-src {store_url}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
