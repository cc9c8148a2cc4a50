"""Pages in words for people who open an address: there is nothing, or nobody can answer now."""

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.page_policy import HEADERS
from api.pages.contents import contents
from api.pages.files import HERE
from api.pages.versions import version

NOT_HERE = HERE / "site/not-found.html"
AWAY = HERE / "site/away.html"
NOTHING = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY}
FOR_SCRIPTS = ("/v1/", "/auth/")
RETRY = "Retry-After"
RETRY_S = "5"


class PageForPeople:
    """ASGI middleware: a failure is a page where a person sees it, and stays its status.

    Somebody who is not signed in goes to sign in, and comes back.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass unchanged."""
        if not _is_shown(scope):
            await self._app(scope, receive, send)
            return
        is_begun = is_replaced = False

        async def send_page(message: Message) -> None:
            nonlocal is_begun, is_replaced
            if not is_begun:
                is_begun = True
                page = _page(scope, message)
                is_replaced = page is not None
                if page:
                    await page(scope, receive, send)
            if not is_replaced:
                await send(message)

        try:
            await self._app(scope, receive, send_page)
        except Exception:
            # The handler that logs it comes later, and finds an answer that has begun.
            if not is_begun:
                await _away(HTTPStatus.INTERNAL_SERVER_ERROR)(scope, receive, send)
            raise


def _is_shown(scope: Scope) -> bool:
    """Whether a person sees the answer, and not a script. Old browsers do not say."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    if "sec-fetch-mode" in headers:
        return headers["sec-fetch-mode"] == "navigate"
    return "text/html" in headers.get("accept", "") and not scope["path"].startswith(FOR_SCRIPTS)


def _page(scope: Scope, answer: Message) -> Response | None:
    """Instead of this answer; None for one that people can read."""
    status = answer["status"]
    if status == HTTPStatus.UNAUTHORIZED:
        return RedirectResponse(_sign_in(scope), status_code=HTTPStatus.SEE_OTHER)
    if status in NOTHING:
        return HTMLResponse(contents(NOT_HERE, "", version()).body, status, HEADERS)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _away(status, Headers(raw=answer["headers"]).get(RETRY, RETRY_S))
    return None


def _away(status: int, retry_after_s: str = RETRY_S) -> Response:
    body = contents(AWAY, "", version()).body
    return HTMLResponse(body, status, {**HEADERS, RETRY: retry_after_s})


def _sign_in(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    after = f"{scope['path']}?{query}" if query else scope["path"]
    return f"/sign-in?{urlencode({'after': after})}"
