"""Pictures and other answers that cost: made once, by a process of its own, for all who ask."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import cast

import httpx
import pytest
from cachetools import LRUCache, TTLCache

from adapters.process.retry import TransientError
from adapters.warehouse import Parameters, Queries, R
from api.kept_answers import KeptAnswers
from api.shares.drawing import Drawer, DrawingError, png
from api.shares.rows import SharedRow
from api.shares.service import Shares
from api.wrapped.cache import WrappedCache
from api.wrapped.models import Wrapped
from api.wrapped.service import WrappedStories
from deploy.waiting import until
from schemas.ids import UserId
from tests.read_side import Caller, OneWrapped

SECRET = "a" * 26
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'


class OneLink:
    """A warehouse with one link, and how often it was asked for it."""

    def __init__(self) -> None:
        self.asked = 0

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        self.asked += 1
        link = SharedRow(UserId("mei"), date(2026, 1, 1), date(2026, 12, 31), show_name=False)
        return cast(list[R], [link])


class Pictures:
    """The routes over one link. `drawn` counts; a drawing waits until it is let go."""

    def __init__(self, secret: str = "") -> None:
        self.link = OneLink()
        self.drawn = 0
        self.let_go = threading.Event()
        self.let_go.set()
        self.wrapped = OneWrapped()
        wrapped = cast(WrappedCache, self.wrapped)
        stories = WrappedStories(cast(Queries, self.link))
        shares = Shares(cast(Queries, self.link), stories, wrapped, self._draw, secret)
        self.asking = Caller(shares=shares)

    def _draw(self, svg: str) -> bytes:
        assert self.let_go.wait(10)
        self.drawn += 1
        return svg.encode()

    def card(self, shape: str = "wide", tag: str = "") -> httpx.Response:
        return self.asking.get(f"/share/{SECRET}/card?shape={shape}", {"If-None-Match": tag})


def test_whose_card_it_is_cannot_be_found_out_by_drawing_those_of_ids_that_one_knows() -> None:
    """The look follows from the user's id, which others know, and from what they do not know."""
    ours, again = (Pictures("of this installation").card().content for _ in range(2))
    assert ours == again
    assert ours != Pictures("").card().content


def test_a_picture_is_drawn_once_and_not_at_all_for_those_who_have_it() -> None:
    pictures = Pictures()
    first = pictures.card()
    assert (first.status_code, pictures.drawn) == (200, 1)
    assert pictures.card().content == first.content
    assert (pictures.drawn, pictures.link.asked) == (1, 1)
    other = pictures.card("square", first.headers["ETag"])
    assert (other.status_code, pictures.drawn) == (200, 2)
    kept = pictures.card("wide", first.headers["ETag"])
    assert (kept.status_code, kept.content, pictures.drawn) == (304, b"", 2)
    assert kept.headers["Cache-Control"] == "private, no-cache"


def test_a_messenger_finds_the_picture_of_a_link_by_a_whole_address() -> None:
    page = Pictures().asking.get(f"/share/{SECRET}").text
    found = re.findall(r'<meta property="(og:[a-z:]+)" content="([^"]*)"', page)
    told = dict(found)
    for name in ("og:url", "og:image"):
        assert told[name].startswith("http"), told[name]
    assert told["og:image"].startswith(f"{told['og:url']}/card?shape=wide&amp;v=")
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")


def test_a_picture_has_another_address_when_it_is_another_one() -> None:
    def address(story: Wrapped) -> str:
        pictures = Pictures()
        pictures.wrapped.story = story
        page = pictures.asking.get(f"/share/{SECRET}").text
        (found,) = re.findall(r'"og:image" content="([^"]*)"', page)
        return str(found)

    story = OneWrapped().story
    later = story.model_copy(update={"last": date(2025, 1, 1)})
    assert address(story) == address(story) != address(later)


def test_a_picture_that_many_ask_for_at_a_time_is_drawn_once() -> None:
    pictures = Pictures()
    pictures.let_go.clear()
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(pictures.card) for _ in range(6)]
        pictures.let_go.set()
        assert {one.result().status_code for one in asked} == {200}
    assert pictures.drawn == 1


class Key:
    """A key that counts how often it was looked up."""

    def __init__(self) -> None:
        self.looked_up = 0

    def __hash__(self) -> int:
        self.looked_up += 1
        return 1


def test_those_who_ask_meanwhile_share_an_error_and_it_is_not_kept() -> None:
    answers = KeptAnswers[int](LRUCache(10))
    key = Key()
    with ThreadPoolExecutor(2) as threads:
        second: list[Future[int]] = []

        def fail() -> int:
            before = key.looked_up
            second.append(threads.submit(answers.get, key, lambda: 1))
            until(lambda: key.looked_up, lambda times: times >= before + 2)
            raise TransientError("away")

        first = threads.submit(answers.get, key, fail)
        assert isinstance(first.exception(60), TransientError)
        assert second[0].exception(60) is first.exception()
    assert answers.get(key, lambda: 2) == 2


def test_an_answer_that_gets_too_old_while_it_is_looked_for_is_made_again() -> None:
    moments = iter(range(100))
    answers = KeptAnswers[int](TTLCache(10, 4, timer=lambda: next(moments)))
    assert [answers.get("a", lambda: 1) for _ in range(20)] == [1] * 20


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    made = Drawer(turn_s=0.05)
    yield made
    made.close()


def test_the_process_draws_as_we_would_and_is_started_again_when_it_died(drawer: Drawer) -> None:
    assert drawer.png(SVG) == png(SVG)
    with pytest.raises(DrawingError):
        drawer.png("<svg")  # no picture: the library raises, and the process ends
    assert drawer.png(SVG) == png(SVG)


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    drawer = Drawer(draw_s=0)
    with pytest.raises(DrawingError, match="TimeoutError"):
        drawer.png(SVG)
    drawer.close()
