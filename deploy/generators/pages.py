"""The HTML of every page. All have one head; a script of each draws the rest.

The modules that a script imports are named in the head: a browser asks for all of them at once.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import get_args

from api.pages.files import FILES
from api.texts import ENGLISH, Language

FOLDER = Path("api/pages")
IMPORT = re.compile(r'^import [^"\n]*"(?P<address>[^"]+)";$', re.MULTILINE)
TEMPLATE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="$about">
$robots<title>$title</title>
<link rel="icon" href="/site/icon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/record/icon-192.png">
<link rel="manifest" href="/record/lahstats.webmanifest">
$styles
$texts
$modules
<script type="module" src="$script"></script>
</head>
<body class="$kind">
<main id="main" aria-busy="true">
<noscript>
<p class="plain">This page is drawn by a script of its own; please allow it.</p>
</noscript>
<div id="late">
$late
</div>
</main>
</body>
</html>
""")
TEXTS = Template(
    '<link rel="preload" as="fetch" href="$folder/texts.en.json" crossorigin="anonymous">'
)
TEXTS_OF = {"site": "/site", "story": "/wrapped"}
"""Where the texts of a kind of page lie. Those of another language are laid over the English."""
TOKENS = "/site/tokens.css"
LAYOUT = (TOKENS, "/site/layout.css")
LANGUAGES: tuple[str, ...] = get_args(Language)


@dataclass(frozen=True)
class Page:
    """One file. `is_listed`: search engines may show it."""

    file: str
    script: str
    title: str
    about: str
    is_listed: bool = False
    kind: str = "site"
    styles: tuple[str, ...] = LAYOUT

    def html(self) -> str:
        """The whole file."""
        named = f"{self.title} · Lahstats" if self.title else "Lahstats"
        given = {
            "about": escape(self.about),
            "robots": "" if self.is_listed else '<meta name="robots" content="noindex">\n',
            "title": named,
            "texts": TEXTS.substitute(folder=TEXTS_OF[self.kind]),
            "styles": _links("stylesheet", self.styles),
            "modules": _links("modulepreload", modules(self.script)[1:]),
            "script": self.script,
            "kind": self.kind,
            "late": "\n".join(map(_late, LANGUAGES)),
        }
        return TEMPLATE.substitute(given)


PAGES = (
    Page(
        "site/home.html",
        "/site/home.js",
        "",
        "One phone on the table records friends talking. "
        "Lahstats counts everybody's Singlish words.",
        is_listed=True,
    ),
    Page("site/sign-in.html", "/site/sign-in.js", "Sign in", "Sign in to Lahstats", is_listed=True),
    Page("site/welcome.html", "/site/welcome.js", "Welcome", "Choose a name"),
    Page("site/settings.html", "/site/settings.js", "Settings", "Settings of Lahstats"),
    Page(
        "site/docs.html",
        "/site/docs.js",
        "Docs",
        "How to use Lahstats by its APIs, in SQL, and as an operator",
        is_listed=True,
    ),
    Page("site/not-found.html", "/site/not-found.js", "Not here", "There is no such page"),
    Page("site/away.html", "/site/away.js", "Back in a moment", "Nobody can answer just now"),
    Page(
        "recorder/record.html",
        "/record/record.js",
        "Record",
        "Record a talk",
        styles=(*LAYOUT, "/record/record.css"),
    ),
    Page("recorder/offline.html", "/record/offline.js", "No connection", "There is no network"),
    Page(
        "static/wrapped.html",
        "/wrapped/wrapped.js",
        "Wrapped",
        "A story in Singlish words",
        kind="story",
        styles=(TOKENS, "/wrapped/wrapped.css"),
    ),
)


def files() -> dict[Path, str]:
    """Return each page and its text."""
    return {FOLDER / page.file: page.html() for page in PAGES}


def modules(script: str) -> list[str]:
    """Return the addresses of a module and of all that it imports, each once, as they come."""
    found: dict[str, None] = {}
    waiting = [script]
    while waiting:
        address = waiting.pop(0)
        if address not in found:
            found[address] = None
            waiting += imported(address)
    return list(found)


def imported(address: str) -> Iterator[str]:
    """Yield the addresses that a module imports before it runs."""
    folder = address.rpartition("/")[0]
    for match in IMPORT.finditer(FILES[address].read_text()):
        yield match["address"].replace("./", f"{folder}/")


def _late(language: str) -> str:
    """For somebody whose page does not come: it can have no words but those it came with."""
    failed = json.loads(FILES[f"/site/texts.{language}.json"].read_text())["failed"]
    heading = "h1" if language == ENGLISH else "h2"
    return (
        f'<div lang="{language}">\n<{heading}>{escape(failed["title"])}</{heading}>\n'
        f"<p>{escape(failed['late'])}</p>\n"
        f'<p><a class="button" href="">{escape(failed["again"])}</a></p>\n</div>'
    )


def _links(kind: str, addresses: tuple[str, ...] | list[str]) -> str:
    links = [f'<link rel="{kind}" href="{address}">' for address in addresses]
    return "\n".join(links)
