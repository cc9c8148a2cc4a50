"""Pure: what the front door itself answers: problems (RFC 9457) for scripts, a page for people."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import get_args

from adapters.http.framework_errors import ADVICE
from adapters.http.page_policy import HEADERS, POLICY
from api.pages.files import FILES
from api.texts import ENGLISH, Language

STRICT = "add_header Strict-Transport-Security $strict_transport always;"
"""A place that adds a header has none of its server's: each such place adds this one too."""


@dataclass(frozen=True)
class Refusal:
    """A problem that nginx answers by itself.

    `codes`: nginx's own, and those of HTTP. Without them the template says when it is used.
    `header`: the name and the value of one that its answer has besides.
    """

    name: str
    codes: tuple[int, ...]
    status: HTTPStatus
    title: str
    detail: str
    retry_after_s: int = 0
    header: str = ""

    def __str__(self) -> str:
        """The directives of a server."""
        body = {
            "type": self.name,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "retryable": bool(self.retry_after_s),
        }
        # nginx's own id of the request: with it, its log says more.
        text = json.dumps(body)[:-1] + ', "request_id": "$request_id"}'
        place = f"@{self.name.replace('-', '_')}"
        answer = [
            "internal;",
            "default_type application/problem+json;",
            *self._headers(),
            f"return {self.status:d} '{text}';",
        ]
        return " ".join([*self._used_for(place), f"location {place} {{", *answer, "}"])

    def _headers(self) -> list[str]:
        if self.retry_after_s:
            return [STRICT, f"add_header Retry-After {self.retry_after_s} always;"]
        return [STRICT, f"add_header {self.header} always;"] if self.header else []

    def _used_for(self, place: str) -> list[str]:
        if not self.codes:
            return []
        return [f"error_page {' '.join(map(str, self.codes))} = {place};"]


REFUSALS = (
    Refusal(
        "no-http",
        (400,),
        HTTPStatus.BAD_REQUEST,
        "No HTTP",
        "This is no request of HTTP that this server takes.",
    ),
    Refusal(
        "not-allowed",
        (403, 405),
        HTTPStatus.METHOD_NOT_ALLOWED,
        "Not allowed",
        ADVICE[HTTPStatus.METHOD_NOT_ALLOWED],
        header="Allow $allowed",
    ),
    Refusal(
        "coding-not-taken",
        (501,),
        HTTPStatus.NOT_IMPLEMENTED,
        "Coding not taken",
        "Send the body as it is, or in chunks: this server takes no other Transfer-Encoding.",
    ),
    Refusal(
        "away-problem",
        (),
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Try again",
        "Lahstats is being started or mended; nothing was lost.",
        5,
    ),
    Refusal(
        "body-too-large",
        (413,),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "Body too large",
        "The body is larger than this address takes.",
    ),
    Refusal(
        "too-many-requests",
        (),
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many requests",
        "Too many requests or connections at a time: go on in a moment.",
        2,
    ),
    Refusal(
        "head-too-large",
        (414, 494),
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "Head too large",
        "The line and the fields of a request are larger than this server takes.",
    ),
)

LANGUAGES: tuple[str, ...] = get_args(Language)
STYLE = (
    ":root{color-scheme:light dark}body{background:#fff6e9;color:#1c1430;font:1.1rem/1.5 system-ui,"
    "sans-serif;margin:0 auto;max-width:32rem;overflow-wrap:anywhere;padding:2rem 1.2rem}"
    "h1,h2{line-height:1.15}"
    "section+section{margin-top:3rem}"
    "a{background:#1c1430;border-radius:10px;color:#fff;display:inline-block;font-weight:700;"
    "padding:.6rem 1.1rem;text-decoration:none}"
    "@media (prefers-color-scheme:dark){body{background:#17112a;color:#f7ecdc}"
    "a{background:#f7ecdc;color:#17112a}}"
)
"""The colours of `api/pages/site/tokens.css`: this page may load no other file."""


def away_page() -> str:
    """The page for people while nobody can answer, in every language. It needs no other file."""
    told = "".join(_told(language) for language in LANGUAGES)
    return (
        f'<!doctype html><html lang="{ENGLISH}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_texts(ENGLISH)['away']['title']} · Lahstats</title><style>{STYLE}</style></head>"
        f"<body><main>{told}</main></body></html>"
    )


def _told(language: str) -> str:
    texts = _texts(language)
    heading = "h1" if language == ENGLISH else "h2"
    return (
        f'<section lang="{language}"><{heading}>{escape(texts["away"]["title"])}</{heading}>'
        f"<p>{escape(texts['away']['text'])}</p>"
        f'<p><a href="">{escape(texts["failed"]["again"])}</a></p></section>'
    )


def _texts(language: str) -> Mapping[str, Mapping[str, str]]:
    texts: Mapping[str, Mapping[str, str]] = json.loads(
        FILES[f"/site/texts.{language}.json"].read_text()
    )
    return texts


def page_headers() -> str:
    """Directives for that page: the policy of all pages, and its one style by its digest."""
    sha256 = hashlib.sha256(STYLE.encode()).digest()
    digest = base64.b64encode(sha256).decode()
    policy = POLICY.replace("style-src 'self'", f"style-src 'sha256-{digest}'")
    headers = {**HEADERS, "Content-Security-Policy": policy}
    lines = [f'add_header {name} "{value}" always;' for name, value in headers.items()]
    return "\n      ".join([STRICT, *lines])
