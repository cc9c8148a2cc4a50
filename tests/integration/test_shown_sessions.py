"""The things that each standing is shown of a session, on real rows."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from producers.gateway.request_models import VerdictBody
from schemas.days import unix_ms_of
from tests.integration.standings import (
    ALONE,
    GROUP,
    ME,
    ROLES,
    S1,
    S2,
    S3,
    S4,
    SESSION,
    SOUNDED,
    TABLE,
    WHEN,
    Site,
    decision,
    standing,
)
from tests.reference.telling import put


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with standing(tmp_path_factory.mktemp("shown")) as found:
        yield found


def test_a_page_that_ends_the_list_has_no_next(site: Site) -> None:
    whole = site.get("owner", "/v1/sessions?limit=2").json()
    assert (len(whole["sessions"]), whole["next"]) == (2, None)
    first = site.get("owner", "/v1/sessions?limit=1").json()
    rest = site.get("owner", f"/v1/sessions?limit=1&cursor={first['next']}").json()
    assert first["sessions"] + rest["sessions"] == whole["sessions"]
    assert rest["next"] is None


def test_a_count_is_judged_by_the_place_that_its_list_tells(site: Site) -> None:
    """The page sends back what it was told; both sides must read it alike."""
    told = site.get("owner", f"/v1/sessions/{SESSION}/counts").json()["counts"][0]
    place = {name: told[name] for name in ("speaker", "word", "said_at")}
    assert VerdictBody(**place, verdict="struck").said_at == WHEN


def test_everybody_gets_a_file_of_their_own_data(site: Site) -> None:
    """Not of those whose file has audio: no store is here (tests/integration/test_my_data.py)."""
    others = [role for role in ROLES if role not in SOUNDED]
    assert site.seeing(f"{ME}/data", others) == set(others)


def test_the_file_does_not_tell_why_a_claim_was_rejected(site: Site) -> None:
    """The same reason would tell a stranger what there is, as at /v1/requests."""
    put(site.warehouse, "requests", decision(str(uuid4()), "stranger"))
    whole = site.get("stranger", f"{ME}/data").content
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "rejected" in texts["tables/requests.csv"]
    assert [name for name, text in texts.items() if "no_such_speaker" in text] == []


def test_numbers_side_by_side_are_ones_own(site: Site) -> None:
    both = f"/v1/sessions/compare?session_ids={SESSION},{ALONE}"
    assert site.seeing(both) == {"owner", "claimed"}


@pytest.mark.parametrize("part", ["", "/speakers", "/results", "/transcript", "/wrapped"])
def test_a_session_of_nobodys_group(site: Site, part: str) -> None:
    assert site.seeing(f"/v1/sessions/{ALONE}{part}") == {"owner", "claimed"}


def test_lists_have_what_may_be_opened(site: Site) -> None:
    for role in ROLES:
        listed = {one["session_id"] for one in site.get(role, "/v1/sessions").json()["sessions"]}
        if role != "member":  # who finds a group's sessions by their group
            opened = {one for one in (SESSION, ALONE) if role in site.seeing(f"/v1/sessions/{one}")}
            assert listed == opened, role
    of_group = f"/v1/sessions?group_id={GROUP}"
    assert site.seeing(of_group) == TABLE


def test_a_maybe_is_shown_beside_the_counts(site: Site) -> None:
    speakers = site.get("owner", f"/v1/sessions/{SESSION}/speakers").json()["speakers"]
    first = next(one for one in speakers if one["speaker"] == S1)
    assert [(one["word"], one["count"]) for one in first["words"]] == [("lah", 3)]
    [maybe] = first["maybe"]
    assert (maybe["word"], maybe["probability"]) == ("sian", 0.5)
    assert maybe["said_at"].startswith("2026-11-24T12:00:00")
    assert all(one["maybe"] == [] for one in speakers if one["speaker"] != S1)


def test_who_is_tagged_sees_who_said_so_and_one_clip(site: Site) -> None:
    answer = site.get("tagged", f"/v1/sessions/{SESSION}/tags").json()
    [tag] = answer["tags"]
    heard = tag.pop("clip")
    assert tag == {
        "speaker": S3,
        "claimed_by": "owner",
        "display_name": "",
        "claimed_at": tag["claimed_at"],
    }
    assert tag["claimed_at"].startswith("2026-11-24T12:00:00")
    assert (heard["start_s"], heard["quote"]) == (0.0, "")
    assert f"clips/{SESSION}/000001-{S3}-0." in heard["url"]
    waiting = site.get("tagged", ME).json()["tags"]
    assert {one["session_id"] for one in waiting} == {SESSION, ALONE}


def test_a_tag_tells_no_name_of_somebody_who_agreed_to_nothing(site: Site) -> None:
    """Before, to tag an id was enough to learn the name of whoever has it."""

    def told() -> list[str]:
        speakers = site.get("owner", f"/v1/sessions/{SESSION}/speakers").json()["speakers"]
        claims = {one["speaker"]: one["claim"] for one in speakers}
        return [claims[speaker]["display_name"] for speaker in (S2, S3, S4)]

    named = {"display_name": "Tan", "changed_at": WHEN, "findable": False, "revision": 1}
    for user in ("claimed", "tagged", "removed-tagged"):
        put(site.warehouse, "users", {"user_id": user, **named})
    assert told() == ["Tan", "", ""]
    found = {**named, "findable": True, "revision": 2}
    put(site.warehouse, "users", {"user_id": "tagged", **found})
    members = ["owner", "member", "removed-tagged"]
    joined = {"group_id": GROUP, "name": "makan", "owner": "owner", "members": members}
    put(site.warehouse, "groups", {**joined, "revision": 3})
    assert told() == ["Tan", "Tan", "Tan"]


def test_whom_a_change_of_a_claim_concerns_reads_it(site: Site) -> None:
    """Somebody whose claim was released by another sees by whom, though not the session."""
    path = f"/v1/sessions/{SESSION}/claims/history"
    mine = site.get("released", path).json()["changes"]
    held = {"kind": "self", "user_id": "released", "guest_name": ""}
    assert [(one["change"], one["before"], one["after"]) for one in mine] == [
        (2, held, None),
        (1, None, held),
    ]
    assert [one["changed_by"] for one in mine] == ["owner", "released"]
    assert [one["change"] for one in site.get("member", path).json()["changes"]] == [3, 2, 1]
    assert [one["change"] for one in site.get("removed", path).json()["changes"]] == [3]


def test_company_is_for_those_who_are_still_at_the_table(site: Site) -> None:
    for user in ("removed", "member"):
        put(site.warehouse, "user_voices", voice(user))
    found = {
        user: site.get(user, f"{ME}/wrapped?period=all").json()["cards"]
        for user in ("removed", "member")
    }
    assert [one["user"] for one in found["member"]["company"]] == ["claimed"]
    assert found["removed"]["company"] == []
    assert found["removed"]["totals"]["counts"] == found["member"]["totals"]["counts"] == 1


def voice(user: str) -> dict[str, Any]:
    return {
        "user_id": user,
        "session_id": SESSION,
        "speaker": S1,
        "words": ["lah"],
        "said_ms": [unix_ms_of(WHEN)],
        "said_days": [date(2026, 11, 24)],
        "days": [date(2026, 11, 24)],
        "spoken": [30],
        "talk_ms": 5_000,
        "company": ["claimed"],
        "time_zone": "Asia/Singapore",
        "audio_ms": 60_000,
        "version": 1,
    }
