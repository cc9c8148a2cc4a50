"""The event stream of a session while a phone records.

The event stream of a session, from its first window to its totals.
"""

import json
import threading
import time
from itertools import pairwise
from typing import Any

import httpx
import pytest

from deploy.demo.api_client import ApiClient
from deploy.demo.phone_session import record, steadily
from deploy.devstack.running_stack import RECORDINGS, RunningStack
from deploy.uuid7 import new_session_id
from producers.phone.client import Phone

SPEED = 2.5


@pytest.mark.alone  # beside other suites 35 s of it were heard before the phone stopped
def test_speakers_and_words_are_shown_before_the_phone_stops(stack: RunningStack) -> None:
    stats = ApiClient(stack.settings, "watcher")
    session_id = new_session_id()
    phone = Phone(stack.settings.url("gateway"), stats.token)
    events = list[dict[str, Any]]()
    watching = threading.Thread(target=watch, args=(stack, stats, session_id, events))
    watching.start()
    record(
        phone,
        session_id,
        RECORDINGS / "kopitiam_2spk.flac",
        steadily(SPEED),
        lambda _: None,
        chunk_s=10,
    )
    phone.close()
    watching.join(timeout=120)
    assert not watching.is_alive()
    recording = [event for event in events if event["state"] == "recording"]
    known = [
        event["provisional"]["speakers"] for event in recording if event["provisional"]["speakers"]
    ]
    # Of 109 s, most were heard, with both voices and some of their words, before anybody pressed
    # stop.
    assert {speaker["speaker"] for speaker in known[-1]} >= {"S1", "S2"}
    assert sum(speaker["talk_s"] for speaker in known[-1]) > 40
    assert sum(sum(speaker["words"].values()) for speaker in known[-1]) >= 5
    assert all(event["provisional"]["eta_s"] is None for event in recording)
    # A label that was shown is shown again.
    assert all(labels(before) <= labels(after) for before, after in pairwise(known))
    final = events[-1]
    assert (final["state"], final["provisional"]) == ("ready_for_claiming", None)
    # The totals are those of the final answer: every counted word has its row, and none came from
    # what was shown before.
    results = stats.get(f"/v1/sessions/{session_id}/results")
    counted = sum(speaker["singlish_words"] for speaker in results["speakers"])
    shown = stats.get(f"/v1/sessions/{session_id}/speakers")["speakers"]
    assert counted == sum(word["count"] for speaker in shown for word in speaker["words"])


def labels(speakers: list[dict[str, Any]]) -> set[str]:
    return {speaker["speaker"] for speaker in speakers}


def watch(
    stack: RunningStack, stats: ApiClient, session_id: str, events: list[dict[str, Any]]
) -> None:
    """Every event of the session's stream, from when the session is known until it ends."""
    url = f"{stack.settings.url('api')}/v1/sessions/{session_id}/events"
    headers = {"Authorization": f"Bearer {stats.token}"}
    with httpx.Client(timeout=60, headers=headers) as client:
        while client.get(url.removesuffix("/events")).status_code == 404:
            time.sleep(0.1)
        with client.stream("GET", url) as stream:
            events += (
                json.loads(line.removeprefix("data: "))
                for line in stream.iter_lines()
                if line.startswith("data: ")
            )
