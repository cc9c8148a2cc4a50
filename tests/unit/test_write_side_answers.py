"""JSON answers of the write side about sessions, their chunks and their constraints."""

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import BaseModel

from producers.gateway import answer_models
from schemas.event import Event
from schemas.session_events import RequestRejected, State
from tests.deciding_folds import MEI, PATH, PENDING, accepting, side
from tests.write_side import FLAC, KEY, NOW_MS, SESSION, WriteSide, listing, start_body

pytestmark = pytest.mark.usefixtures("impatient")


def test_start_and_receipt() -> None:
    made = WriteSide()
    answer = made.call("PUT", PATH, start_body())
    assert answer.status_code == 201
    assert answer.json().keys() == {"session_id", "upload_token", "clock_corrected"}
    assert answer.json()["session_id"] == SESSION
    receipt = made.upload(seq=2, token=answer.json()["upload_token"])
    sha256 = made.blobs.written[0].rpartition("-")[2]
    expected = {"session_id": SESSION, "seq": 2, "sha256": sha256, "bytes": len(FLAC)}
    expected["duration_ms"] = 30_000
    assert receipt.json() == expected


@pytest.mark.parametrize(("expected", "gaps"), [(None, [[1, 1]]), (6, [[1, 1], [4, 5]]), (1, [])])
def test_the_listing_of_chunks(expected: int | None, gaps: list[list[int]]) -> None:
    row = listing(
        state=State.RECORDING, received=((0, 1), (2, 4)), conflicts=(2,), expected=expected
    )
    made = side(lambda _: (), row)
    token = {"Authorization": f"Bearer {made.upload_token()}"}
    answer = made.client.request("GET", f"{PATH}/chunks", headers=token)
    assert answer.json() == {
        "received": [[0, 0], [2, 3]],
        "missing": gaps,
        "conflicts": [2],
        "expected": expected,
        "state": "recording",
    }
    done = made.client.request("POST", f"{PATH}/complete", json={"chunks": 4}, headers=token)
    assert (done.status_code, done.json()) == (202, {"session_id": SESSION, "chunks": 4})


def test_no_cache_keeps_an_answer() -> None:
    """Before, the write side did not say so, of tokens and invites neither."""
    made = WriteSide()
    start = made.call("PUT", PATH, start_body())
    token = {"Authorization": f"Bearer {start.json()['upload_token']}"}
    answers = [start, made.client.request("GET", f"{PATH}/chunks", headers=token)]
    answers.append(made.client.request("GET", "/v1/nothing"))
    assert [one.headers["Cache-Control"] for one in answers] == ["private, no-store"] * 3


REQUESTS = [
    ("hints", {"speakers": 2}),
    ("speakers/merge", {"target": "S1", "source": "S2"}),
    ("speakers/split", {"speaker": "S1"}),
]


@pytest.mark.parametrize(("path", "body"), REQUESTS)
def test_a_constraint(path: str, body: dict[str, Any]) -> None:
    accepted = side(accepting).call("POST", f"{PATH}/{path}", body)
    assert accepted.json() == {"request_id": KEY, "outcome": "accepted"}
    pending = side().call("POST", f"{PATH}/{path}", body)
    assert (pending.status_code, pending.json()) == (202, PENDING)
    assert side(accepting).call("POST", f"{PATH}/{path}", body, user=MEI).status_code == 404


def test_a_rejected_constraint() -> None:
    def reject(event: Event) -> Sequence[Event]:
        request: Any = event
        rejected = RequestRejected(
            occurred_at_ms=NOW_MS,
            session_id=SESSION,
            request_id=request.request_id,
            reason="not_ready",
        )
        return [rejected]

    found = side(reject).call("POST", f"{PATH}/speakers/split", {"speaker": "S1"})
    assert (found.status_code, found.json()["type"]) == (409, "not-ready")


def test_a_key_of_another_kind_of_request_is_refused() -> None:
    made = side(accepting)
    made.call("POST", f"{PATH}/hints", {"speakers": 2})
    answer = made.call("POST", f"{PATH}/claims", {"speaker": "S1", "claim": "self"})
    assert (answer.status_code, answer.json()["type"]) == (409, "key-reused")


MODELS = [
    model
    for model in vars(answer_models).values()
    if isinstance(model, type)
    and issubclass(model, BaseModel)
    and "examples" in str(model.model_config)
]


@pytest.mark.parametrize("model", MODELS)
def test_every_example_is_an_answer(model: type[BaseModel]) -> None:
    extra: Any = model.model_config["json_schema_extra"]
    [example] = extra["examples"]
    assert model.model_validate(example).model_dump(mode="json").keys() == example.keys()
