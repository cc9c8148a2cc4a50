"""Refusals of requests that people send by hand, word by word."""

from collections.abc import Callable

import pytest
from pydantic import BaseModel, ValidationError

from api.sessions.speaker_models import WordCount
from producers.gateway.answer_models import Released
from producers.gateway.request_models import ClaimBody
from schemas.ids import SpeakerLabel
from schemas.session_events import State
from tests.served_sides import ROUTES, Route, Sides

pytestmark = pytest.mark.usefixtures("impatient")
with_body = pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.body() is not None], ids=str
)
TYPES = ("", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", "é;=")
"""Of a body that is JSON."""


def test_all_that_a_field_may_be_is_told(sides: Sides) -> None:
    """Before, of what is said of a mistake people got the first hundred characters."""
    lists = next(one for one in ROUTES if one.path == "/v1/sessions")
    detail = sides.ask(lists, "/v1/sessions?status=done").problem()["detail"]
    assert all(f"'{state}'" in detail for state in State), detail


def test_a_check_of_ours_speaks_for_itself(sides: Sides) -> None:
    """Before, "Value error" stood before its words, and the page for a name showed it."""
    names = next(one for one in ROUTES if (one.method, one.path) == ("POST", "/v1/groups"))
    answer = sides.ask(names, content=b'{"name": "\\u3164"}').problem()
    assert answer["detail"] == "body.name: a name has at least one character that can be seen"
    assert answer["title"] == "Not well made"  # before, "Request validation error."
    assert answer["errors"][0]["msg"] == answer["detail"].removeprefix("body.name: ")


def test_an_address_with_letters_of_its_own_is_told_how(sides: Sides) -> None:
    search = next(one for one in ROUTES if one.path == "/v1/users/search")
    raw = "GET /v1/users/search?q=阿明 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = sides.answer(search, raw.encode())
    assert (answer.status, "escaped" in answer.problem()["detail"]) == (400, True)


def test_an_error_of_ours_tells_the_log_no_word() -> None:
    """Before, it held what people said, or their names: `input_value='…'`."""
    models: list[Callable[[], BaseModel]] = [
        lambda: WordCount(word="walao", count="walao", emoji=""),  # type: ignore[arg-type]
        lambda: Released(
            request_id="walao",
            speaker="walao",  # type: ignore[arg-type]
            unclaimed="walao",  # type: ignore[arg-type]
        ),
        lambda: ClaimBody(speaker=SpeakerLabel("S1"), claim="guest", guest_name=""),
    ]
    for make in models:
        with pytest.raises(ValidationError) as error:
            make()
        assert "walao" not in str(error.value)
        assert "input_value" not in str(error.value)


@with_body
def test_a_body_that_is_not_said_to_be_json(route: Route, sides: Sides) -> None:
    """Before, whoever forgot `-H` was told that a body is no dictionary to extract fields from."""
    for kind in TYPES:
        head = [one for one in sides.head(route) if one[0] != "Content-Type"]
        lines = [f"{name}: {value}" for name, value in (*head, ("Content-Type", kind))]
        content = sides.content(route)
        first = f"{route.method} {route.target()} HTTP/1.1"
        whole = "\r\n".join([first, *lines, f"Content-Length: {len(content)}", "", ""])
        answer = sides.answer(route, whole.encode("latin-1") + content)
        assert answer.status == 415, answer.raw
        assert "application/json" in answer.problem()["detail"]
