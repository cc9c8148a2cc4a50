"""No route of the write side reads a body of any size, whoever sends it; JSON has one meaning."""

import pytest

from producers.gateway.request_keys import fingerprint
from schemas.ids import UserId
from schemas.limits import JSON_BYTES
from tests.documents import documents, routes
from tests.read_side import Caller
from tests.unit.test_write_side_doors import PARTS
from tests.write_side import KEY, OWNER, WriteSide

TOO_LARGE = b" " * (JSON_BYTES.most + 1)
MEI = UserId("mei")
JSON = {"Content-Type": "application/json"}
CHANGES = sorted(
    (method, path)
    for method, path in routes(documents()["gateway"])
    if method != "GET" and not path.endswith("/chunks/{seq}")
)


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_the_write_side_refuses_a_body_that_is_too_large(method: str, path: str) -> None:
    """Before, a route that has no use for a body read all of it."""
    side = WriteSide()
    token = side.upload_token() if path.endswith("/complete") else "owner"
    headers = {**JSON, "Authorization": f"Bearer {token}"}
    answer = side.client.request(method, path.format(**PARTS), content=TOO_LARGE, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "body-too-large")
    assert not side.publisher.events


def profile(side: WriteSide, content: bytes) -> int:
    """The status of a change of the caller's profile."""
    headers = {**JSON, "Authorization": "Bearer owner"}
    answer = side.client.request("PATCH", "/v1/users/me", content=content, headers=headers)
    assert answer.status_code < 400 or answer.json()["detail"]
    return answer.status_code


@pytest.mark.parametrize(
    "content",
    [
        b'{"findable": true, "findable": false}',
        b'{"findable": true, "find\\u0061ble": true}',
        b'{"display_name": {"a": 1, "a": 1}}',
    ],
)
def test_a_field_comes_once(content: bytes) -> None:
    """Before, the last one was taken; whoever reads it on its way may take the first one."""
    side = WriteSide()
    assert profile(side, content) == 422
    assert not side.publisher.events


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_a_body_is_in_utf_8(encoding: str) -> None:
    """Before, others were guessed, though the advice says UTF-8."""
    side = WriteSide()
    assert profile(side, '{"findable": true}'.encode(encoding)) in (400, 422)
    assert not side.publisher.events


@pytest.mark.usefixtures("impatient")
def test_a_byte_order_mark_says_nothing() -> None:
    assert profile(WriteSide(), '{"findable": true}'.encode("utf-8-sig")) == 202


CHOICES = ("findable", "on_board", "tags_take_effect_at_once")


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("choice", ["yes", "true", "on", "1", "t", 1, 0, 1.0, []])
def test_a_choice_is_true_or_false(name: str, choice: object) -> None:
    """Before, `"yes"` and 1 were an agreement."""
    side = WriteSide()
    assert side.call("PATCH", "/v1/users/me", {name: choice}).status_code == 422
    days = {"first": "2026-01-01", "last": "2026-12-31"}
    shared = side.call("POST", "/v1/users/me/shares", {**days, "show_name": choice})
    assert shared.status_code == 422
    assert not side.publisher.events


@pytest.mark.parametrize("choice", ["yes", "1", "on", "True", "t", "", "0"])
def test_a_choice_of_a_query_is_true_or_false(choice: str) -> None:
    """Before, `yes` and 1 put a name on the picture."""
    answer = Caller().get(f"/v1/users/me/wrapped/card?name={choice}")
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["query", "name"])


def test_a_refusal_names_its_request_as_the_read_side_does() -> None:
    """Before, it said the header back: in another spelling, or 20,000 characters of it."""
    for key, named in ((f"{{{KEY.upper()}}}", KEY), ("x" * 20_000, "")):
        refused = WriteSide().call("PATCH", "/v1/users/me", {"findable": 0}, key=key)
        assert refused.status_code == 422
        assert refused.json()["request_id"].startswith(named)
        assert len(refused.json()["request_id"]) == len(KEY)


def test_the_order_of_a_body_does_not_matter() -> None:
    first = fingerprint(MEI, "POST", "/x", b'{"a": 1, "b": [1, 2]}')
    assert fingerprint(MEI, "POST", "/x", b'{"b":[1,2],"a":1}') == first
    assert fingerprint(MEI, "POST", "/x", b'{"b":[2,1],"a":1}') != first
    assert fingerprint(OWNER, "POST", "/x", b'{"a": 1, "b": [1, 2]}') != first
    assert fingerprint(MEI, "POST", "/x", b"[" * 100_000)
