"""Pages on odd phones: taps that come twice, people who left, a full disk, a lost database."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.pages_alone import ADDRESS, page_alone

ME = {"user_id": "mei", "display_name": "Mei", "groups": [], "tags": []}
ANSWERS = {"/v1/users/me": ME, "/v1/sessions": {"sessions": [], "next": None}}
LOCAL = """async (wanted) => {
  const { localPath } = await import("/site/session.js");
  return localPath(wanted);
}"""


class Network:
    """Answers of both sides, while there is a network."""

    is_there = True

    def answer(self, route: Route) -> None:
        """One request."""
        found = ANSWERS.get(urlsplit(route.request.url).path)
        if not self.is_there:
            route.abort()
        elif found is None:
            route.fulfill(status=404, json={})
        else:
            route.fulfill(json=found)


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def page(chromium: Browser, network: Network) -> Iterator[Page]:
    with page_alone(chromium, network.answer) as found:
        yield found


@pytest.mark.parametrize(
    "wanted", ["/.//elsewhere.example", f"{ADDRESS}//elsewhere.example", "/%2e//elsewhere.example"]
)
def test_a_link_leads_nobody_elsewhere_after_signing_in(page: Page, wanted: str) -> None:
    assert not page.evaluate(LOCAL, wanted).startswith("//")
