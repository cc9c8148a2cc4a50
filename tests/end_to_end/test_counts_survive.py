"""One recording through everything, undisturbed, then with parts killed: the same counts.

A replay changes no total: `test_replay.py`.
"""

import json
from pathlib import Path

import pytest

from adapters.objects.lexicons import shipped_lexicon, shipped_lexicon_bytes
from deploy.cli.recounting import recount
from deploy.demo.api_client import ApiClient
from deploy.demo.playback import Played
from deploy.devstack.running_stack import RunningStack, essence
from tests.played import WHOLE, WINDOWS, Shared, played_by_workers

pytestmark = [pytest.mark.early, pytest.mark.two_workers]
"""They count what workers handle, and sessions that other tests leave open are handled later."""

SLOWLY = 4.0
"""Speed of a phone that still records when the first window is handled."""


def test_a_recording_becomes_counts_and_totals(undisturbed: Played) -> None:
    said = {
        speaker.speaker: sum(word.count for word in speaker.words)
        for speaker in undisturbed.speakers
    }
    assert len(said) == 2
    assert all(said.values())
    assert {label: totals.counts for label, totals in undisturbed.totals.items()} == said
    assert undisturbed.missing == []
    assert all(speaker.quote for speaker in undisturbed.speakers)


def test_two_workers_share_one_session(stack: RunningStack, first: Shared) -> None:
    # Windows are spread by the hash of session and number: 3 windows of a stage fall to one worker
    # once in 4 sessions.
    one = first
    for _ in range(8):
        print(f"windows of {one.played.session_id} by worker: {one.windows}")
        shares = list(one.windows.values())
        assert [sum(share) for share in shares] == [WINDOWS] * 2  # nothing was done twice
        if all(all(share) for share in shares):
            return
        one = played_by_workers(stack, WHOLE)
    pytest.fail("in none of eight sessions did both workers of both stages have a window")


def test_killed_workers_change_nothing(stack: RunningStack, undisturbed: Played) -> None:
    before = stack.handled("transcribe", 0) + stack.handled("transcribe", 1)

    def disturb() -> None:
        stack.await_handled("transcribe", before + 1)
        stack.kill("streams")
        stack.kill("transcribe-0")

    assert essence(stack.play_while(WHOLE, disturb, SLOWLY)) == essence(undisturbed)
    stack.await_answers()


def test_a_recount_changes_the_counts_and_back(
    stack: RunningStack, undisturbed: Played, tmp_path: Path
) -> None:
    stack.await_quiet()
    users = [f"demo-{undisturbed.session_id}-{n + 1}" for n in range(len(undisturbed.speakers))]

    def totals() -> list[dict[str, int]]:
        found = [
            ApiClient(stack.settings, user).get("/v1/users/me/stats?period=all") for user in users
        ]
        return [dict(one["words"]) for one in found]

    before = totals()
    heard = [stack.handled("transcribe", n) for n in range(2)]
    fewer = json.loads(shipped_lexicon_bytes())
    fewer |= {
        "version": "test.no-lah",
        "words": [w for w in fewer["words"] if w["word"] != "lah"],
        "hotwords": [],
        "style": "",
    }
    (file := tmp_path / "lexicon.json").write_text(json.dumps(fewer, indent=1))
    counted = recount(stack.settings, file, None, lambda done, all_: None)
    assert (counted.lexicon, counted.before) == (
        "test.no-lah",
        {shipped_lexicon().version: counted.sessions},
    )
    stack.await_quiet()
    assert any("lah" in words for words in before)
    assert totals() == [{word: n for word, n in words.items() if word != "lah"} for words in before]
    assert recount(stack.settings, file, None, lambda done, all_: None).sessions == 0
    (own := tmp_path / "own.json").write_bytes(shipped_lexicon_bytes())
    recount(stack.settings, own, None, lambda done, all_: None)
    stack.await_quiet()
    assert totals() == before
    assert [stack.handled("transcribe", n) for n in range(2)] == heard
