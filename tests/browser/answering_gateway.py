"""The write side, as the recorder's sender sees it: answers alone."""

import hashlib
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Route


@dataclass
class Gateway:
    """The write side's answers.

    `refusals`: those of the first requests for a chunk. `at_start`: those of the first starts.
    `at_end`: those of the first that say that the talk is over.
    """

    refusals: list[tuple[int, str]] = field(default_factory=list)
    at_start: list[int] = field(default_factory=list)
    at_end: list[int] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    rest: str = "0"
    numbers: list[int] = field(default_factory=list)
    starts: int = 0
    completed: int | None = None

    def answer(self, route: Route) -> None:
        """One request."""
        parts = urlsplit(route.request.url).path.split("/")
        if parts[-2:-1] == ["chunks"]:
            self._chunk(route, int(parts[-1]))
        elif parts[-1] == "complete":
            self._complete(route)
        else:
            self._start(route)

    def _start(self, route: Route) -> None:
        self.zones.append(json.loads(route.request.post_data or "").get("time_zone"))
        if self.at_start:
            _refuse(route, self.at_start.pop(0))
            return
        self.starts += 1
        route.fulfill(status=201, json={"upload_token": f"t{self.starts}"})

    def _complete(self, route: Route) -> None:
        if self.at_end:
            _refuse(route, self.at_end.pop(0))
            return
        self.completed = json.loads(route.request.post_data or "")["chunks"]
        route.fulfill(status=202, json={})

    def _chunk(self, route: Route, seq: int) -> None:
        if self.refusals:
            status, kind = self.refusals.pop(0)
            headers = {"Retry-After": self.rest}
            route.fulfill(status=status, json={"detail": "no", "type": kind}, headers=headers)
            return
        self.numbers.append(seq)
        body = route.request.post_data_buffer or b""
        route.fulfill(status=201, json={"sha256": hashlib.sha256(body).hexdigest()})


def _refuse(route: Route, status: int) -> None:
    route.fulfill(status=status, json={"detail": "no", "type": "refused"})
