"""Stories of a person and of a group, invites, and shared cards."""

from collections.abc import Iterator

from deploy.seeding.year import SEED
from schemas.ids import derived_id, secret_digest
from tests.browser.evenings import NEWCOMER, Evenings
from tests.browser.looking import SHOWN, go_to
from tests.browser.visits import OWNER, State, Visit, Walk

SECRET = "lah" * 8 + "zz"
GROUP = str(derived_id("SeededGroup", SEED, 0))
INVITE = {"invite_code": "LAHH-MAKAN-2026", "group_id": GROUP}
LINK = {"share": "0123456789abcdef", "path": f"/share/{SECRET}"}


def own(visit: Visit) -> Iterator[State]:
    visit.visitor(OWNER)
    visit.open("/wrapped?period=year")
    for state in visit.slides("own", "Own Wrapped"):
        yield state
        if state.name == "own-guess-first":
            visit.page.locator(f"{SHOWN} .choice").first.click()
            yield State("own-guessed", "Own Wrapped: the guess is answered")


def shared(visit: Visit) -> Iterator[State]:
    page = visit.visitor(OWNER)
    page.route("**/v1/users/me/shares", lambda route: route.fulfill(json=LINK | {"shares": [LINK]}))
    visit.open("/wrapped?period=year")
    page.keyboard.press("End")
    visit.card()
    page.locator("#link").click()
    page.locator("#revoke").wait_for()
    yield State("own-link", "A link to the card, which can be taken back")
    Evenings(visit.site).share(secret_digest(SECRET))
    visit.visitor()
    visit.page.goto(f"{visit.site.url}/share/{SECRET}")
    visit.page.locator("img").evaluate("picture => picture.decode()")
    yield State("share", "A shared card, for whoever has the link")


def other_times(visit: Visit) -> Iterator[State]:
    visit.visitor(OWNER)
    for period, told in (
        ("month", "The story of a month"),
        ("week", "The story of a week"),
        ("2025-01-01..2025-12-31", "The archive: a year before"),
    ):
        visit.open(f"/wrapped?period={period}")
        yield State(f"cover-{period[:5].strip('-')}", f"{told}: its cover")
        visit.page.keyboard.press("ArrowRight")
        yield State(f"totals-{period[:5].strip('-')}", f"{told}: its second slide")


def warming_up(visit: Visit) -> Iterator[State]:
    visit.visitor(NEWCOMER)
    visit.open("/wrapped")
    visit.page.keyboard.press("ArrowRight")
    yield State("own-warming-up", "Own Wrapped with too few words yet")


def group(visit: Visit) -> Iterator[State]:
    page = visit.visitor(OWNER)
    page.route("**/v1/groups/*/invite", lambda route: route.fulfill(json=INVITE))
    visit.open(f"/wrapped?group={GROUP}&period=year")
    for state in visit.slides("group", "A group's Wrapped"):
        yield state
        if state.name == "group-who-says-it-most":
            page.locator(f"{SHOWN} .choice").first.click()
            yield State("group-guessed", "A group's Wrapped: the table guessed")
    page.locator("#invite").click()
    page.locator(".invite img").wait_for()
    yield State("group-invite", "An invite: a link, and a picture for a camera")


def invited(visit: Visit) -> Iterator[State]:
    visit.visitor()
    visit.open("/wrapped?join=LAHH-MAKAN-2026")
    yield State("join-signed-out", "Invited, before signing in")
    visit.visitor(NEWCOMER)
    visit.open("/wrapped?join=LAHH-MAKAN-2026")
    yield State("join", "Invited, and signed in")


def in_mandarin(visit: Visit) -> Iterator[State]:
    visit.visitor(OWNER, locale="zh-CN")
    visit.open("/wrapped?period=year")
    for wanted in ("你是", "得到的徽章"):
        go_to(visit.page, wanted)
        visit.page.locator(f"{SHOWN} summary").click()
        yield State(f"zh-{'you-are' if wanted == '你是' else 'badges'}", "A slide in Mandarin")
    go_to(visit.page, "转发")
    visit.card()
    yield State("zh-card", "The card in Mandarin")


WALKS: tuple[Walk, ...] = (own, shared, other_times, warming_up, group, invited, in_mandarin)
