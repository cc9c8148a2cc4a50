"""Files of the pages in a browser without a server: all other requests are answered here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from api.pages.files import FILES, MEDIA_TYPES

ADDRESS = "http://127.0.0.1:9"
"""A secure context, as IndexedDB and locks need it. Nothing listens there."""
ME = {"user_id": "mei", "display_name": "Mei", "groups": [], "tags": []}
ANSWERS = {
    "/v1/users/me": ME,
    "/v1/users/me/shares": {"shares": []},
    "/v1/sessions": {"sessions": [], "next": None},
}
WAITING = """async (count) => {
  const store = await import("/record/store.js");
  const talks = await import("/record/talks.js");
  const talk = await talks.begin({ owner: "mei", groupId: null, hint: null, consent: "1" });
  for (let seq = 0; seq < count; seq++) {
    const content = new Uint8Array(40_000).fill(seq % 251);
    const cut = { startMs: 10_000 * seq, durationMs: 10_000, type: "audio/ogg", content };
    await store.keep(talk.id, [cut], null);
  }
  await talks.end(talk.id);
  return talk.id;
}"""
"""Keeps a talk of mei's that is over, with `count` files that wait. Returns its id."""
MICROPHONES = """
const opened = [];
const context = new AudioContext();
navigator.mediaDevices.getUserMedia = async () => {
  const { stream } = new MediaStreamAudioDestinationNode(context);
  opened.push(stream);
  return stream;
};
window.live = () => opened.filter((one) => one.getTracks()[0].readyState === "live").length;
"""
BEGUN = """async () => {
  const { begin } = await import("/record/talks.js");
  const { Recording } = await import("/record/recording.js");
  window.store = await import("/record/store.js");
  const talk = await begin({ owner: "mei", groupId: null, hint: null, consent: "1" });
  window.recording = new Recording(talk);
  await recording.open();
}"""
"""Begins a recording, with microphones that hear nothing."""
SIGNED_IN = "() => localStorage.setItem('lah-good-until', String(Date.now() + 600_000))"


class Network:
    """Answers of both sides, while there is a network."""

    is_there = True

    def __init__(self) -> None:
        self.answers: dict[str, Any] = dict(ANSWERS)
        self.refused: set[str] = set()
        """Paths at which nobody is known."""

    def answer(self, route: Route) -> None:
        """One request."""
        found = self.answers.get(urlsplit(route.request.url).path)
        if not self.is_there:
            route.abort()
        elif urlsplit(route.request.url).path in self.refused:
            route.fulfill(status=401, json={"type": "unauthorised", "detail": "Bring a token."})
        elif found is None:
            route.fulfill(status=404, json={"detail": "no such talk"})
        else:
            route.fulfill(json=found)


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

    context = chromium.new_context(timezone_id=time_zone, reduced_motion="reduce")
    context.route("**/*", routed)
    page = context.new_page()
    page.goto(f"{ADDRESS}/record/opus.js")
    yield page
    context.close()
