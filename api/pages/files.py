"""The files of the pages, by their addresses. No path of a request is ever followed."""

from itertools import chain
from pathlib import Path

import font_roboto

from api.art import PERSONALITIES

HERE = Path(__file__).parent
FONTS = Path(font_roboto.__file__).parent / "files"
MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".ogg": "audio/ogg",
    ".html": "text/html",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".webmanifest": "application/manifest+json",
}
PAGES = {
    "/": HERE / "site/home.html",
    "/docs": HERE / "site/docs.html",
    "/docs/analysts": HERE / "site/docs.html",
    "/docs/api": HERE / "site/docs.html",
    "/docs/operators": HERE / "site/docs.html",
    "/settings": HERE / "site/settings.html",
    "/sign-in": HERE / "site/sign-in.html",
    "/record": HERE / "recorder/record.html",
    "/offline": HERE / "recorder/offline.html",
    "/service-worker.js": HERE / "recorder/service-worker.js",
    "/welcome": HERE / "site/welcome.html",
    "/wrapped": HERE / "static/wrapped.html",
    "/favicon.ico": HERE / "site/icon.svg",
}
"""The pages that people open, and what browsers ask for by themselves."""
FOLDERS = {
    "/wrapped": (HERE / "static", FONTS),
    "/art": (PERSONALITIES,),
    "/site": (HERE / "site",),
    "/record": (HERE / "recorder",),
}
"""Where the files of pages lie, by the first part of their addresses."""


def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for address, folders in FOLDERS.items():
        for path in chain.from_iterable(folder.iterdir() for folder in folders):
            if path.suffix in MEDIA_TYPES and path.suffix != ".html":
                found[f"{address}/{path.name}"] = path
    return found | PAGES


FILES = _files()
"""Everything that is served, by its whole address."""
