"""Fields of a request's head that may come once: of two, proxies and servers take another one."""

from collections import Counter

from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.problems import HttpProblem, answer_to

ONCE = frozenset({"authorization", "content-type", "host", "idempotency-key"})
"""Of other fields each line counts, or a number that is sent twice is no number."""


class SingleFields:
    """ASGI middleware: 400 for a request that has one of them twice."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass."""
        if scope["type"] == "http" and (name := _repeated(scope)):
            await answer_to(_refusal(name))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _repeated(scope: Scope) -> str:
    """The name of a field that came twice, or nothing."""
    names = Counter(name.decode("latin-1").lower() for name, _ in scope["headers"])
    return next((name for name, times in names.items() if times > 1 and name in ONCE), "")


def _refusal(name: str) -> HttpProblem:
    detail = f"The header {name.title()} came more than once: send it once."
    return HttpProblem(400, "repeated-header", "Repeated header", detail)
