"""Claims and tags on the real stack, with the counts that follow."""

import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from deploy.waiting import until
from tests.integration.conftest import Scene, short
from tests.integration.people import Person, counted, counts_of, problem

CLAIMS = 100


@dataclass(frozen=True)
class Talk:
    """A session of the scene's owner in a group of theirs, and ten friends in that group.

    Nobody has its voices: a test gives back what it claims.
    """

    session_id: str
    group_id: str
    friends: list[Person]

    @property
    def claims(self) -> str:
        """Where its voices are claimed."""
        return f"/v1/sessions/{self.session_id}/claims"


@pytest.fixture(scope="module")
def talk(scene: Scene) -> Talk:
    owner = scene.people["owner"]
    friends = [Person(scene.stack.settings, f"{owner.user}-friend-{n}") for n in range(10)]
    group = owner.done("POST", "/v1/groups", {"name": "Everybody"})
    for friend in friends:
        friend.done("POST", "/v1/groups/join", {"invite_code": group["invite_code"]})
    group_id = group["group_id"]
    return Talk(short(scene.stack, owner, group_id), group_id, friends)


def test_one_of_a_hundred_concurrent_claims_wins(scene: Scene, talk: Talk) -> None:
    owner = scene.people["owner"]
    friends = talk.friends
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda n: friends[n % 10].ask(
                    "POST", talk.claims, {"speaker": "S1", "claim": "self"}
                ),
                range(CLAIMS),
            )
        )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: CLAIMS - 1}
    assert {problem(answer) for answer in answers} == {"", "already-claimed"}
    winner = friends[[answer.status_code for answer in answers].index(200) % 10]
    wanted = counted(owner.read(f"/v1/sessions/{talk.session_id}/speakers")["speakers"][0])
    assert wanted > 0
    until(
        lambda: {friend.user: counts_of(friend) for friend in friends},
        lambda found: found[winner.user] == wanted,
    )
    assert sum(counts_of(friend) for friend in friends) == wanted
    winner.done("DELETE", f"{talk.claims}/S1")


def test_counts_follow_a_claim_and_leave_with_it(scene: Scene, talk: Talk) -> None:
    owner = scene.people["owner"]
    wanted = counted(owner.read(f"/v1/sessions/{talk.session_id}/speakers")["speakers"][0])
    board = f"/v1/groups/{talk.group_id}/leaderboard?period=all"
    scene.stack.await_quiet()  # nothing of another test of this person is still to come
    before = counts_of(owner)
    took = []
    for _ in range(10):
        owner.done("POST", talk.claims, {"speaker": "S1", "claim": "self"})
        began = time.monotonic()
        until(
            lambda: (counts_of(owner), owner.read(board)["you"]["counts"]),
            lambda now: now == (before + wanted, wanted),
        )
        took.append(time.monotonic() - began)
        owner.done("DELETE", f"{talk.claims}/S1")
        until(lambda: counts_of(owner), lambda now: now == before)
    p95 = statistics.quantiles(took, n=20)[-1]
    print(f"claim to Wrapped and board: median {statistics.median(took):.2f} s, p95 {p95:.2f} s")


def test_a_tag_waits_for_who_is_tagged(scene: Scene, talk: Talk) -> None:
    owner = scene.people["owner"]
    tagged = Person(scene.stack.settings, f"{scene.user('owner')}-quiet")
    claims = talk.claims
    asked = owner.done("POST", claims, {"speaker": "S1", "claim": "user", "user_id": tagged.user})
    assert asked["outcome"] == "asked"
    tags = until(lambda: tagged.read("/v1/users/me")["tags"], bool)
    assert [(tag["session_id"], tag["speaker"]) for tag in tags] == [(talk.session_id, "S1")]
    assert counts_of(tagged) == 0
    # Only the voice that one was tagged for.
    assert (
        problem(tagged.ask("POST", claims, {"speaker": "S2", "claim": "self"})) == "no-such-session"
    )
    assert tagged.done("POST", claims, {"speaker": "S1", "claim": "self"})["outcome"] == "claimed"
    until(lambda: counts_of(tagged), bool)
    tagged.done("DELETE", f"{claims}/S1")
    until(lambda: counts_of(tagged), lambda counts: counts == 0)


def test_a_tag_takes_effect_at_once_for_who_said_so_and_shares_a_group(
    scene: Scene, talk: Talk
) -> None:
    owner = scene.people["owner"]
    easy = Person(scene.stack.settings, f"{scene.user('owner')}-easy")
    easy.done("PATCH", "/v1/users/me", {"tags_take_effect_at_once": True, "display_name": "Easy"})
    claim = {"speaker": "S2", "claim": "user", "user_id": easy.user}
    assert owner.done("POST", talk.claims, claim)["outcome"] == "asked"
    group = owner.done("POST", "/v1/groups", {"name": "Easy going"})
    easy.done("POST", "/v1/groups/join", {"invite_code": group["invite_code"]})
    assert owner.done("POST", talk.claims, claim)["outcome"] == "claimed"
    easy.done("DELETE", f"{talk.claims}/S2")
