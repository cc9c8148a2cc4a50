"""The cookies of a signed-in browser, as the routes set and take them.

`SameSite=Strict`: no other site makes a browser send them. The cookie `BEGUN` is `Lax`: the
provider leads people back here, and the browser has to send it then.
"""

from fastapi import Request, Response

from adapters.http.page_sessions import COOKIE, SIGNED_IN_S, cookie_name

KEPT = "lah-kept"
BEGUN = "lah-begun"
OURS = "/auth"
"""Only here a browser sends what renews a session: no upload carries it."""
KEPT_S = 30 * 24 * 3600
"""A browser that nobody used for so long has to sign in again."""
BEGUN_S = 900
"""For the password and the second factor at the provider."""
MOST_VALUE = 4_096 - 128
"""Browsers drop a longer cookie without a word: some of them count its name and attributes too."""


def _set(request: Request, answer: Response, name: str, value: str, age_s: int) -> None:
    if len(value) > MOST_VALUE:
        raise ValueError(f"the cookie {name} is longer than browsers keep")
    answer.set_cookie(
        _named(request, name),
        value,
        max_age=age_s,
        path="/" if name == COOKIE else OURS,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax" if name == BEGUN else "strict",
    )


def _named(request: Request, name: str) -> str:
    if name == COOKIE or request.url.scheme != "https":
        return cookie_name(request, name)
    return f"__Secure-{name}"


def sign_in(request: Request, answer: Response, token: str, kept: str) -> None:
    """Let the browser keep a session, and what renews it."""
    _set(request, answer, COOKIE, token, SIGNED_IN_S)
    _set(request, answer, KEPT, kept, KEPT_S)


def begin(request: Request, answer: Response, begun: str) -> None:
    """Let the browser keep what has to come back from the provider."""
    _set(request, answer, BEGUN, begun, BEGUN_S)


def taken(request: Request, name: str) -> str:
    """The cookie's value; empty when there is none."""
    return request.cookies.get(_named(request, name), "")


def forget(request: Request, answer: Response, *names: str) -> None:
    """Let the browser forget these cookies."""
    for name in names:
        _set(request, answer, name, "", 0)
