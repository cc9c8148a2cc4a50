"""A page in words for people who open an address at which there is nothing."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.page_policy import HEADERS
from api.pages.files import HERE

PAGE = (HERE / "site/not-found.html").read_text()
FOR_SCRIPTS = ("/v1/", "/auth/")


class PageForPeople:
    """ASGI middleware: 404 and 410 are a page for browsers that show it, and stay that status."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass unchanged."""
        if not _is_shown(scope):
            await self._app(scope, receive, send)
            return
        replaced = HTMLResponse(PAGE, headers=HEADERS)
        is_replaced = False

        async def send_page(message: Message) -> None:
            nonlocal is_replaced
            if message["type"] == "http.response.start" and _says_nothing_is_here(message):
                is_replaced = True
                replaced.status_code = message["status"]
                await replaced(scope, receive, send)
            if not is_replaced:
                await send(message)

        await self._app(scope, receive, send_page)


def _is_shown(scope: Scope) -> bool:
    """Whether a person sees the answer, and not a script."""
    if scope["type"] != "http" or scope["path"].startswith(FOR_SCRIPTS):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


def _says_nothing_is_here(message: Message) -> bool:
    return message["status"] in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
