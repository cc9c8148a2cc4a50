"""Cards as HTTP answers, and the links that lead to them without a token."""

from html import escape
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from starlette.concurrency import run_in_threadpool

from api.http import Parts, ask
from api.shares import picture as pictures
from api.shares.service import Shared

Shape = Literal["story", "square", "wide"]
Format = Literal["svg", "png"]
PICTURES: dict[int | str, dict[str, Any]] = {
    200: {"description": "A picture", "content": {"image/svg+xml": {}, "image/png": {}}}
}
Secret = Annotated[str, Path(pattern="^[a-z2-7]{26}$")]
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
}


async def picture(found: Shared, shape: Shape, form: Format) -> Response:
    """The card as SVG, or drawn."""
    svg = found.svg(shape)
    if form == "svg":
        return Response(svg, media_type="image/svg+xml", headers=HEADERS)
    return Response(await run_in_threadpool(lambda: pictures.png(svg)), media_type="image/png")


def router(parts: Parts) -> APIRouter:
    """`/share/…`: whoever has the link may see the card, and nothing else."""
    app = APIRouter(prefix="/share/{secret}", tags=["shared cards"])

    @app.get(
        "",
        response_class=Response,
        responses={200: {"description": "A page", "content": {"text/html": {}}}},
    )
    async def page(secret: Secret) -> Response:
        """The card with its words, and what a messenger shows of the link."""
        found = await ask(lambda: parts.sharing.behind(secret))
        return Response(_page(secret, found.alt()), media_type="text/html", headers=HEADERS)

    @app.get("/card", response_class=Response, responses=PICTURES)
    async def card(secret: Secret, shape: Shape = "wide", format: Format = "png") -> Response:  # noqa: A002 - the name in the query
        """The card."""
        return await picture(await ask(lambda: parts.sharing.behind(secret)), shape, format)

    return app


def _page(secret: str, alt: str) -> str:
    said = escape(alt)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>My Singlish, counted</title>
<meta property="og:title" content="My Singlish, counted"><meta property="og:description" content="{said}">
<meta property="og:image" content="/share/{secret}/card?shape=wide"><meta property="og:image:alt" content="{said}">
<link rel="stylesheet" href="/wrapped/wrapped.css"></head>
<body class="shared"><main><h1>My Singlish, counted</h1><img src="/share/{secret}/card?shape=story" alt="{said}"></main></body></html>
"""
