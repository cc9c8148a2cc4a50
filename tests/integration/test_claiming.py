"""Claims and tags on the real stack, with the counts that follow."""

import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from deploy.waiting import until
from tests.integration.conftest import Scene, short
from tests.integration.people import Person, counted, counts_of, problem

CLAIMS = 100


def test_one_of_a_hundred_concurrent_claims_wins(scene: Scene) -> None:
    owner = scene.people["owner"]
    friends = [Person(scene.stack.settings, f"{owner.user}-friend-{n}") for n in range(10)]
    group = owner.done("POST", "/v1/groups", {"name": "Everybody"})
    for friend in friends:
        friend.done("POST", "/v1/groups/join", {"invite_code": group["invite_code"]})
    session_id = short(scene.stack, owner, group["group_id"])
    path = f"/v1/sessions/{session_id}/claims"
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda n: friends[n % 10].ask("POST", path, {"speaker": "S1", "claim": "self"}),
                range(CLAIMS),
            )
        )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: CLAIMS - 1}
    assert {problem(answer) for answer in answers} == {"", "already-claimed"}
    winner = friends[[answer.status_code for answer in answers].index(200) % 10]
    wanted = counted(owner.read(f"/v1/sessions/{session_id}/speakers")["speakers"][0])
    assert wanted > 0
    until(
        lambda: {friend.user: counts_of(friend) for friend in friends},
        lambda found: found[winner.user] == wanted,
    )
    assert sum(counts_of(friend) for friend in friends) == wanted


def test_counts_follow_a_claim_and_leave_with_it(scene: Scene) -> None:
    owner = scene.people["owner"]
    group = owner.done("POST", "/v1/groups", {"name": "Quick"})
    session_id = short(scene.stack, owner, group["group_id"])
    wanted = counted(owner.read(f"/v1/sessions/{session_id}/speakers")["speakers"][0])
    claims = f"/v1/sessions/{session_id}/claims"
    board = f"/v1/groups/{group['group_id']}/leaderboard?period=all"
    scene.stack.await_quiet()  # nothing of another test of this person is still to come
    before = counts_of(owner)
    took = []
    for _ in range(10):
        owner.done("POST", claims, {"speaker": "S1", "claim": "self"})
        began = time.monotonic()
        until(
            lambda: (counts_of(owner), owner.read(board)["you"]["counts"]),
            lambda now: now == (before + wanted, wanted),
        )
        took.append(time.monotonic() - began)
        owner.done("DELETE", f"{claims}/S1")
        until(lambda: counts_of(owner), lambda now: now == before)
    p95 = statistics.quantiles(took, n=20)[-1]
    print(f"claim to Wrapped and board: median {statistics.median(took):.2f} s, p95 {p95:.2f} s")


def test_a_tag_waits_for_who_is_tagged(scene: Scene) -> None:
    owner = scene.people["owner"]
    tagged = Person(scene.stack.settings, f"{scene.user('owner')}-quiet")
    session_id = short(scene.stack, owner, None)
    claims = f"/v1/sessions/{session_id}/claims"
    asked = owner.done("POST", claims, {"speaker": "S1", "claim": "user", "user_id": tagged.user})
    assert asked["outcome"] == "asked"
    tags = until(lambda: tagged.read("/v1/users/me")["tags"], bool)
    assert [(tag["session_id"], tag["speaker"]) for tag in tags] == [(session_id, "S1")]
    assert counts_of(tagged) == 0
    # Only the voice that one was tagged for.
    assert (
        problem(tagged.ask("POST", claims, {"speaker": "S2", "claim": "self"})) == "no-such-session"
    )
    assert tagged.done("POST", claims, {"speaker": "S1", "claim": "self"})["outcome"] == "claimed"
    until(lambda: counts_of(tagged), bool)
    tagged.done("DELETE", f"{claims}/S1")
    until(lambda: counts_of(tagged), lambda counts: counts == 0)


def test_a_tag_takes_effect_at_once_for_who_said_so_and_shares_a_group(scene: Scene) -> None:
    owner = scene.people["owner"]
    easy = Person(scene.stack.settings, f"{scene.user('owner')}-easy")
    easy.done("PATCH", "/v1/users/me", {"tags_take_effect_at_once": True, "display_name": "Easy"})
    claim = {"speaker": "S2", "claim": "user", "user_id": easy.user}
    session_id = short(scene.stack, owner, None)
    assert owner.done("POST", f"/v1/sessions/{session_id}/claims", claim)["outcome"] == "asked"
    group = owner.done("POST", "/v1/groups", {"name": "Easy going"})
    easy.done("POST", "/v1/groups/join", {"invite_code": group["invite_code"]})
    assert owner.done("POST", f"/v1/sessions/{session_id}/claims", claim)["outcome"] == "claimed"
