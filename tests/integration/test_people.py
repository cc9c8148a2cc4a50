"""Groups, merges, splits and links on the real stack, and what people find there."""

import io
from typing import Any

import httpx
from PIL import Image

from adapters import model_manifest
from adapters.objects.lexicons import shipped_lexicon
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from tests.integration.conftest import Scene, ready, short, started
from tests.integration.people import Person, counted, counts_of, problem


def counts(person: Person, session_id: str) -> dict[str, int]:
    """Speaker -> counts."""
    found = person.read(f"/v1/sessions/{session_id}/speakers")["speakers"]
    return {speaker["speaker"]: counted(speaker) for speaker in found}


def claimed(person: Person, session_id: str) -> dict[str, str]:
    """Speaker -> the user who has it; empty without one."""
    found = person.read(f"/v1/sessions/{session_id}/speakers")["speakers"]
    return {one["speaker"]: (one["claim"] or {"user_id": ""})["user_id"] for one in found}


def undone(person: Person, session_id: str) -> list[dict[str, Any]]:
    """The corrections of a session, of which the latest is undone."""
    path = f"/v1/sessions/{session_id}/corrections"
    found = until(lambda: person.read(path)["corrections"], bool)
    person.done("POST", f"{path}/{found[0]['correction']}/undo")
    return list(found)


def test_two_speakers_become_one_and_two_again(stack: RunningStack, scene: Scene) -> None:
    owner = scene.people["owner"]
    session_id = started(stack, owner, None)
    owner.done("POST", f"/v1/sessions/{session_id}/claims", {"speaker": "S2", "claim": "self"})
    apart = counts(owner, session_id)
    owner.done(
        "POST", f"/v1/sessions/{session_id}/speakers/merge", {"target": "S1", "source": "S2"}
    )
    # The claim on S2 comes along to S1; the fold of the credits decides it after the generation is
    # complete.
    until(lambda: ready(owner, session_id, 2)["state"], lambda state: state == "completed")
    assert counts(owner, session_id) == {"S1": sum(apart.values())}
    until(lambda: counts_of(owner) >= sum(apart.values()), bool)
    assert (
        problem(
            owner.ask(
                "POST",
                f"/v1/sessions/{session_id}/speakers/merge",
                {"target": "S1", "source": "S2"},
            )
        )
        == "no-such-speaker"
    )
    (merge,) = undone(owner, session_id)
    assert (merge["kind"], merge["speaker"], merge["other"]) == ("merge", "S1", "S2")
    until(lambda: ready(owner, session_id, 3)["state"], lambda state: state == "ready_for_claiming")
    assert counts(owner, session_id) == apart
    until(lambda: claimed(owner, session_id), lambda claims: claims == {"S1": "", "S2": owner.user})


def test_a_hint_makes_two_speakers_one_and_a_split_two_of_them(
    stack: RunningStack, scene: Scene
) -> None:
    owner = scene.people["owner"]
    other_id = short(stack, owner, None)
    apart = counts(owner, other_id)
    assert len(apart) == 2
    owner.done("POST", f"/v1/sessions/{other_id}/hints", {"speakers": 1})
    ready(owner, other_id, 2)
    # Both are one voice now. It has the label of the one it is more like.
    (both,) = owner.read(f"/v1/sessions/{other_id}/speakers")["speakers"]
    split = {"speaker": both["speaker"]}
    owner.done("POST", f"/v1/sessions/{other_id}/speakers/split", split)
    ready(owner, other_id, 3)
    found = counts(owner, other_id)
    assert len(found) == 2
    assert sorted(found.values()) == sorted(apart.values())
    last, first = undone(owner, other_id)
    assert (last["kind"], first["kind"]) == ("split", "hint")
    ready(owner, other_id, 4)
    (one,) = owner.read(f"/v1/sessions/{other_id}/speakers")["speakers"]
    assert (one["speaker"], counted(one)) == (both["speaker"], sum(apart.values()))


def test_a_rejection_can_be_looked_up_later(scene: Scene) -> None:
    owner = scene.people["owner"]
    answer = owner.ask(
        "POST", f"/v1/sessions/{scene.session_id}/speakers/split", {"speaker": "S99"}
    )
    request_id = answer.request.headers["Idempotency-Key"]
    found = until(
        lambda: owner.get(f"/v1/requests/{request_id}"), lambda found: found.status_code == 200
    ).json()
    assert (found["outcome"], found["reason"]) == ("rejected", "no_such_speaker")
    assert scene.people["stranger"].get(f"/v1/requests/{request_id}").status_code == 404


def test_a_group_has_its_numbers(scene: Scene) -> None:
    member = scene.people["member"]
    path = f"/v1/groups/{scene.group_id}"
    until(lambda: member.read(f"{path}/stats?period=all")["counts"], bool)
    stats = member.read(f"{path}/stats?period=all")
    board = member.read(f"{path}/leaderboard?period=all")
    assert [place["user_id"] for place in board["board"]] == [
        scene.user("member"),
        scene.user("owner"),
    ]
    assert (board["you"]["rank"], board["you"]["percentile"]) == (
        1,
        None,
    )  # nobody else said a word yet
    assert stats["counts"] == board["you"]["counts"] == sum(stats["words"].values())
    wrapped = member.read(f"{path}/wrapped?period=all")
    assert wrapped["cards"]["totals"]["counts"] == stats["counts"]
    assert sum(row["count"] for row in wrapped["cards"]["top_words"]) <= stats["counts"]
    slides = member.read(f"/v1/sessions/{scene.session_id}/wrapped")
    assert {slide["speaker"] for slide in slides["slides"]} == set(scene.speakers)
    assert slides["table"]["counts"] == sum(slide["counts"] for slide in slides["slides"])
    for whose in ("/v1/users/me", path):
        trend = member.read(f"{whose}/trends?granularity=day&limit=7")["trend"]
        assert len(trend) == 7
        assert sum(bucket["counts"] for bucket in trend) == stats["counts"]


def test_people_find_whom_they_may(scene: Scene) -> None:
    stranger = scene.people["stranger"]
    member = scene.people["member"]
    member.done("PATCH", "/v1/users/me", {"display_name": f"Mei {member.user}"})

    def found(person: Person) -> list[str]:
        return [
            user["user_id"]
            for user in person.read(f"/v1/users/search?q=Mei {member.user}")["users"]
        ]

    until(lambda: found(scene.people["owner"]), lambda users: users == [member.user])
    assert found(stranger) == []
    member.done("PATCH", "/v1/users/me", {"findable": True})
    until(lambda: found(stranger), lambda users: users == [member.user])


def test_a_session_belongs_to_a_group_of_its_owner(scene: Scene) -> None:
    stranger = scene.people["stranger"]
    consent = {"text_version": "1", "agreed_at": "2026-11-24T12:00:00Z"}
    body = {
        "time_zone": "Asia/Singapore",
        "recorded_at": "2026-11-24T12:00:00Z",
        "consent": consent,
        "group_id": scene.group_id,
    }
    assert (
        problem(stranger.ask("PUT", "/v1/sessions/01900000-0000-7000-8000-000000000001", body))
        == "no-such-group"
    )


def test_a_link_leads_to_the_card_until_it_is_revoked(scene: Scene) -> None:
    member = scene.people["member"]
    api = scene.stack.settings.url("api")
    until(lambda: member.read("/v1/users/me/stats?period=year")["counts"], bool)
    made = member.done("POST", "/v1/users/me/shares", {"first": "2026-01-01", "last": "2026-12-31"})
    until(lambda: httpx.get(f"{api}{made['path']}").status_code, lambda status: status == 200)
    picture = httpx.get(f"{api}{made['path']}/card?shape=wide")
    assert Image.open(io.BytesIO(picture.content)).size == (1200, 630)
    page = httpx.get(f"{api}{made['path']}").text
    assert "noindex" in page
    assert member.user not in page
    assert made["share"] in {link["share"] for link in member.read("/v1/users/me/shares")["shares"]}
    # The digest that the owner sees opens nothing.
    assert httpx.get(f"{api}/share/{made['share'][:26]}").status_code in {404, 422}
    member.done("DELETE", f"/v1/users/me/shares/{made['share']}")
    until(lambda: httpx.get(f"{api}{made['path']}").status_code, lambda status: status == 404)
    assert problem(member.ask("DELETE", f"/v1/users/me/shares/{made['share']}")) == "no-such-share"


def test_who_has_a_wrapped_already_is_told_so_in_few_bytes(scene: Scene) -> None:
    member = scene.people["member"]
    api = scene.stack.settings.url("api")
    headers = {"Authorization": f"Bearer {member.token}"}
    first = httpx.get(f"{api}/v1/users/me/wrapped?period=1999-01-01..1999-12-31", headers=headers)
    again = httpx.get(
        f"{api}/v1/users/me/wrapped?period=1999-01-01..1999-12-31",
        headers=headers | {"If-None-Match": first.headers["ETag"]},
    )
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "no-cache" in first.headers["Cache-Control"]
    other = httpx.get(
        f"{api}/v1/users/me/wrapped?period=1999-01-01..1999-12-30",
        headers=headers | {"If-None-Match": first.headers["ETag"]},
    )
    assert other.status_code == 200


def test_results_name_what_they_were_made_with(scene: Scene) -> None:
    profile = model_manifest.load(scene.stack.settings.models_manifest).profiles[
        scene.stack.settings.models_profile
    ]
    results = scene.people["owner"].read(f"/v1/sessions/{scene.session_id}/results")
    assert results["models"] == {"diarize": [profile.diarization], "transcribe": [profile.whisper]}
    assert results["lexicon"] == shipped_lexicon().version
