"""A session followed as it happens, over the real api."""

import json

import httpx

from adapters.http.signing import sign_user
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from tests.integration.phones import RawPhone, flac


def test_the_stream_tells_each_change_and_ends_with_the_session(stack: RunningStack) -> None:
    phone = RawPhone(stack.settings)
    phone.start()
    phone.chunk(0, flac(12, level=0.0005), Lah_Duration_Ms="12000")
    url = f"{stack.settings.url('api')}/v1/sessions/{phone.session_id}"
    until(
        lambda: phone.http.get(url, headers=phone.user_headers).status_code,
        lambda status: status == 200,
    )
    told: list[str] = []
    with httpx.stream("GET", f"{url}/events", headers=phone.user_headers, timeout=60) as stream:
        assert (stream.status_code, stream.headers["content-type"].split(";")[0]) == (
            200,
            "text/event-stream",
        )
        for line in stream.iter_lines():
            if line.startswith("data: "):
                told.append(json.loads(line.removeprefix("data: "))["state"])
                if len(told) == 1:
                    phone.complete(1)
    assert told[0] == "recording"
    assert told[-1] == "completed"


def test_a_stranger_is_told_nothing(stack: RunningStack) -> None:
    phone = RawPhone(stack.settings)
    phone.start()
    stranger = {"Authorization": f"Bearer {sign_user(stack.settings, 'stranger', 60)}"}
    answer = httpx.get(
        f"{stack.settings.url('api')}/v1/sessions/{phone.session_id}/events", headers=stranger
    )
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
