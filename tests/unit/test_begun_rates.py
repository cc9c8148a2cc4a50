"""New talks and groups of one user: each is listed in every gateway, for good."""

from uuid import uuid4

import pytest

from schemas.ids import UserId
from schemas.limits import BEGUN_OF_USER
from tests.write_side import OWNER, WriteSide, listing, start_body

pytestmark = pytest.mark.usefixtures("impatient")

OTHER = UserId("other")


def begun_often() -> WriteSide:
    made = WriteSide()
    for _ in range(BEGUN_OF_USER.burst):
        made.rates.begin(OWNER)
    return made


def begin(made: WriteSide, user: str, session_id: str) -> int:
    path = f"/v1/sessions/{session_id}"
    return made.call("PUT", path, start_body(), user, str(uuid4())).status_code


def test_one_user_cannot_fill_the_directory_of_all_gateways() -> None:
    made = begun_often()
    assert begin(made, OWNER, str(uuid4())) == 429
    assert made.call("POST", "/v1/groups", {"name": "x"}, OWNER, str(uuid4())).status_code == 429
    assert begin(made, OTHER, str(uuid4())) == 201


def test_a_talk_that_has_begun_goes_on() -> None:
    made = WriteSide()
    again = str(uuid4())
    assert begin(made, OWNER, again) == 201
    known = listing()
    made.directory.take(known)
    for _ in range(BEGUN_OF_USER.burst - 1):
        made.rates.begin(OWNER)
    assert begin(made, OWNER, str(uuid4())) == 429
    assert begin(made, OWNER, again) == 201
    assert begin(made, OWNER, known.session_id) == 201
