"""The first page, signing in, Settings, the documents, and addresses at which there is nothing."""

from collections.abc import Iterator

from api.pages.for_people import AWAY
from deploy.front_door.refusals import away_page
from tests.browser.evenings import NEWCOMER
from tests.browser.visits import OWNER, State, Visit, Walk

LINK = {
    "share": "2c26b46b",
    "from": "2026-01-01",
    "to": "2026-12-31",
    "show_name": True,
    "made_at": "2026-11-24T12:00:00+00:00",
}
"""A link to a card, as the read side tells it."""


def signed_out(visit: Visit) -> Iterator[State]:
    visit.visitor()
    yield from visit.each(
        {
            "/": State("home-signed-out", "The first page, for somebody who is not signed in"),
            "/sign-in": State("sign-in", "Signing in on a developer's machine"),
            "/sign-in?problem": State("sign-in-refused", "The identity provider said no"),
            "/no-such-page": State("not-found", "An address at which there is nothing (404)"),
            f"/share/{'a' * 26}": State("link-revoked", "A share link that was taken back (404)"),
            "/offline": State("offline", "No network: the page that the service worker shows"),
        }
    )


def at_the_provider(visit: Visit) -> Iterator[State]:
    page = visit.visitor()
    ways = {"provider": True, "development": False}
    page.route("**/auth/ways", lambda route: route.fulfill(json=ways))
    visit.open("/sign-in")
    yield State("sign-in-provider", "Signing in at an identity provider")


def away(visit: Visit) -> Iterator[State]:
    page = visit.visitor()
    page.route(
        "**/*", lambda route: route.fulfill(status=503, body=away_page(), content_type="text/html")
    )
    page.goto(visit.site.url)
    yield State("away", "Nobody is behind the front door (503)")
    page.unroute_all()
    shown = AWAY.read_text()
    page.route(
        "**/share/*", lambda route: route.fulfill(status=503, body=shown, content_type="text/html")
    )
    page.goto(f"{visit.site.url}/share/{'a' * 26}")
    visit.drawn()
    yield State("share-away", "A link while a server behind the read side is away (503)")


def late(visit: Visit) -> Iterator[State]:
    page = visit.visitor()
    page.route("**/texts.en.json", lambda route: route.abort())
    for path, name in (("/", "late"), ("/wrapped", "late-story")):
        page.goto(visit.site.url + path)
        page.get_by_text("This page has not come whole.").wait_for()
        yield State(name, f"The texts of a page do not come (`{path}`)")


def trouble(visit: Visit) -> Iterator[State]:
    page = visit.visitor(OWNER)
    problem = {
        "type": "part-away",
        "title": "Try again",
        "detail": "The warehouse does not answer just now; nothing was lost.",
    }
    page.route("**/v1/sessions?*", lambda route: route.fulfill(status=503, json=problem))
    visit.open("/")
    yield State("home-trouble", "The first page while the warehouse is away")
    page.unroute_all()
    page.route("**/v1/**", lambda route: route.abort())
    visit.open("/settings")
    yield State("no-connection", "A page that opened, and then the network went")


def somebody_new(visit: Visit) -> Iterator[State]:
    page = visit.visitor("somebody-new")
    page.goto(visit.site.url)
    page.wait_for_url("**/welcome?**")
    visit.drawn()
    yield State("welcome", "The first sign-in: a name, a time zone, and what others may see")


def with_nothing_yet(visit: Visit) -> Iterator[State]:
    visit.visitor(NEWCOMER)
    yield from visit.each(
        {
            "/": State("home-empty", "Signed in, before the first talk"),
            "/settings": State("settings-empty", "Settings before the first talk"),
        }
    )


def own_pages(visit: Visit) -> Iterator[State]:
    page = visit.visitor(OWNER)
    visit.open("/")
    yield State("home", "Signed in: record, this week, talks, groups")
    page.route("**/v1/users/me/shares", lambda route: route.fulfill(json={"shares": [LINK]}))
    visit.open("/settings")
    yield State("settings", "Settings: the profile, my data, my recordings, my links, ways out")
    visit.tap("Erase everything of mine")
    page.get_by_role("button", name="Yes, erase all of it").scroll_into_view_if_needed()
    yield State("settings-erase", "What cannot be undone is asked twice", is_at_end=True)


def documents(visit: Visit) -> Iterator[State]:
    visit.visitor(OWNER)
    yield from visit.each(
        {
            "/docs": State("docs", "Documents for those who go on"),
            "/docs/api": State("docs-api", "Every request of both sides"),
            "/docs/analysts": State("docs-analysts", "SQL for analysts, and how to connect"),
            "/docs/operators": State("docs-operators", "How each part is, in words"),
        }
    )


def in_mandarin(visit: Visit) -> Iterator[State]:
    visit.visitor(OWNER, locale="zh-CN")
    yield from visit.each(
        {
            "/": State("zh-home", "The first page in Mandarin"),
            "/settings": State("zh-settings", "Settings in Mandarin"),
            "/record": State("zh-recorder", "The recorder in Mandarin"),
            "/docs/analysts": State("zh-docs-analysts", "SQL for analysts in Mandarin"),
            "/docs/operators": State("zh-docs-operators", "How each part is, in Mandarin"),
        }
    )


WALKS: tuple[Walk, ...] = (
    signed_out,
    at_the_provider,
    late,
    away,
    trouble,
    somebody_new,
    with_nothing_yet,
    own_pages,
    documents,
    in_mandarin,
)
