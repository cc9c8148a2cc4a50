"""Fields of a request's head in one line each, however many lines came."""

from collections import defaultdict

from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.problems import HttpProblem, answer_to

ONCE = frozenset({"authorization", "content-type", "host", "idempotency-key"})
"""Fields that may come once: of two, proxies and servers take another one."""
BETWEEN = {b"cookie": b"; "}
"""Between the lines of a field (RFC 9113, section 8.2.3). Others are lists (RFC 9110, 5.3). A
number that is sent twice is no number then."""


class SingleFields:
    """ASGI middleware: 400 for a request that has one of ONCE twice, and joins all other lines.

    Readers of a field get its first line, or its last one, and take it for the whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fields = defaultdict(list)
        for name, value in scope["headers"]:
            fields[name.lower()].append(value)
        if repeated := _repeated(fields):
            await answer_to(_refusal(repeated))(scope, receive, send)
            return
        scope["headers"] = [(name, BETWEEN.get(name, b", ").join(fields[name])) for name in fields]
        await self._app(scope, receive, send)


def _repeated(fields: dict[bytes, list[bytes]]) -> str:
    """The name of a field of ONCE that came twice, or nothing."""
    names = (name.decode("latin-1") for name, lines in fields.items() if len(lines) > 1)
    return next((name for name in names if name in ONCE), "")


def _refusal(name: str) -> HttpProblem:
    detail = f"The header {name.title()} came more than once: send it once."
    return HttpProblem(400, "repeated-header", "Repeated header", detail)
