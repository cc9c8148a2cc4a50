"""No route of the write side reads a body of any size, whoever sends it."""

import pytest

from producers.gateway.app import build
from schemas.limits import JSON_BYTES
from tests.documents import routes
from tests.unit.test_write_side_doors import PARTS
from tests.write_side import WriteSide

TOO_LARGE = b" " * (JSON_BYTES.most + 1)
JSON = {"Content-Type": "application/json"}
CHANGES = sorted(
    (method, path)
    for method, path in routes(build().openapi())
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
