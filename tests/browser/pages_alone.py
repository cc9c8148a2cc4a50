"""Files of the pages in a browser without a server: all other requests are answered here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from api.pages.files import FILES, MEDIA_TYPES

ADDRESS = "http://127.0.0.1:9"
"""A secure context, as IndexedDB and locks need it. Nothing listens there."""


@contextmanager
def page_alone(
    chromium: Browser, answer: Callable[[Route], None], time_zone: str | None = None
) -> Iterator[Page]:
    """A page that has every file of the pages; `answer` gets all other requests.

    `time_zone`: where the browser is, if not in that of this machine.
    """

    def routed(route: Route) -> None:
        path = FILES.get(urlsplit(route.request.url).path)
        if path is None:
            answer(route)
        else:
            route.fulfill(body=path.read_bytes(), content_type=MEDIA_TYPES[path.suffix])

    context = chromium.new_context(timezone_id=time_zone)
    context.route("**/*", routed)
    page = context.new_page()
    page.goto(f"{ADDRESS}/record/opus.js")
    yield page
    context.close()
