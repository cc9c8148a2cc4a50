"""A talk's page: while it is recorded and counted, when it failed or is gone, and its story."""

from collections.abc import Iterator

from tests.browser.evenings import ERASED, FAILED, FRIEND, HOST, LIVE, READY, TAGGED, WAITING
from tests.browser.looking import SHOWN
from tests.browser.visits import State, Visit, Walk


def unfinished(visit: Visit) -> Iterator[State]:
    visit.visitor(HOST)
    visit.open("/")
    yield State("home-talks", "The first page with talks in every state")
    visit.open(f"/wrapped?session={LIVE}")
    visit.says("So far")
    yield State("talk-live", "While it is recorded: words by voice as they come")
    visit.open(f"/wrapped?session={WAITING}")
    visit.says("Ready in")
    yield State("talk-waiting", "Recorded, and being counted")
    visit.open(f"/wrapped?session={FAILED}")
    yield State("talk-failed", "It could not be counted: why, and what to do")
    visit.open(f"/wrapped?session={ERASED}")
    yield State("talk-erased", "It was erased, or is somebody else's")
    visit.open("/wrapped?group=0192f3c4-5b6a-5d3e-9e0f-112233445566")
    yield State("group-gone", "A group that is gone, or somebody else's")


def ready(visit: Visit) -> Iterator[State]:
    visit.visitor(HOST)
    visit.open(f"/wrapped?session={READY}")
    for state in visit.slides("talk", "A talk that is ready"):
        yield state
        if state.name == "talk-wei-jie-tan":
            visit.page.locator(f"{SHOWN} .each summary").click()
            yield State("talk-word-by-word", "A voice of one's own: each count can be struck")


def asked(visit: Visit) -> Iterator[State]:
    visit.visitor(FRIEND)
    visit.open(f"/wrapped?session={TAGGED}")
    yield State("talk-tagged", "Somebody says that this voice is yours")


def in_mandarin(visit: Visit) -> Iterator[State]:
    visit.visitor(HOST, locale="zh-CN")
    visit.open(f"/wrapped?session={FAILED}")
    yield State("zh-talk-failed", "A talk that could not be counted, in Mandarin")
    visit.open(f"/wrapped?session={READY}")
    for _ in range(3):
        visit.page.keyboard.press("ArrowRight")
    yield State("zh-talk", "A slide of a talk in Mandarin")


WALKS: tuple[Walk, ...] = (unfinished, ready, asked, in_mandarin)
