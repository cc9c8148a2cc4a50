"""A talk's story: voices and counts are corrected there, and words come while it is recorded."""

import itertools
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from playwright.sync_api import Page, Route, expect

from adapters.process.clock import unix_ms
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from deploy.waiting import until
from schemas import topics
from schemas.claim_events import CountJudged, Verdict
from schemas.event import Event
from schemas.ids import EventId, SessionId, SpeakerLabel, UserId
from schemas.session_events import Constraint, ConstraintKind, Failure, State, VoicesCorrected
from schemas.session_rows import SessionListing
from schemas.speech_events import ProvisionalSpeakersIdentified
from schemas.word_events import ProvisionalWordsCounted
from tests.browser.conftest import Site, read
from tests.browser.looking import SHOWN, answered, axe, go_to, heading, opened
from tests.golden import example_of


def test_a_correction_of_the_voices_can_be_undone(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    merge = Constraint(
        kind=ConstraintKind.MERGE, speaker=SpeakerLabel("S1"), other=SpeakerLabel("S9")
    )
    corrected = VoicesCorrected(
        occurred_at_ms=1, session_id=SessionId(talk["session_id"]), correction=3, is_undone=False,
        by=UserId("demo-owner"), constraint=merge, speakers=None,
    )  # fmt: skip
    Sink(site.warehouse, lambda: 0).process([Record(topics.DECIDED, 0, 0, corrected)])
    asked: list[str] = []

    def accepted(route: Route) -> None:
        asked.append(route.request.url)
        answered(route, {"request_id": "r", "outcome": "accepted"})

    page.route("**/corrections/*/undo", accepted)
    opened(page, site, f"?session={talk['session_id']}")
    go_to(page, "Not quite right?")
    page.get_by_role("button", name="Undo: Voice S9 is voice S1").click()
    until(lambda: page.title() and asked, bool)
    assert asked[0].endswith(f"/v1/sessions/{talk['session_id']}/corrections/3/undo")
    site.warehouse.command("TRUNCATE TABLE corrections")


def test_the_owner_of_a_voice_strikes_a_count_and_takes_it_back(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    path = f"/v1/sessions/{talk['session_id']}/counts"
    mine = next(one for one in talk["slides"] if one["claim"]["user_id"] == "demo-owner")
    versions = itertools.count(1_000)

    def judge(route: Route) -> None:
        if route.request.method == "POST":
            asked: Any = route.request.post_data_json
            Sink(site.warehouse, lambda: 0).process(
                [Record(topics.CLAIMS_DECIDED, 0, 0, judged(talk, asked, next(versions)))]
            )
            answered(route, {"outcome": "judged"})
        else:
            route.continue_()

    page.route(f"**{path}", judge)
    opened(page, site, f"?session={talk['session_id']}")
    go_to(page, mine["claim"]["display_name"])
    page.locator(f"{SHOWN} .each summary").click()
    lines = page.locator(f"{SHOWN} .each li")
    counts = [one for one in read(site, path)["counts"] if one["speaker"] == mine["speaker"]]
    assert lines.count() == len(counts) == mine["counts"]
    lines.first.get_by_role("button").click()
    expect(lines.first.locator("s")).to_have_count(1)
    assert count_at(read(site, path), counts[0])["counted"] is False
    assert axe(page) == []
    lines.first.get_by_role("button").click()
    expect(lines.first.locator("s")).to_have_count(0)
    assert count_at(read(site, path), counts[0])["verdict"] == "none"


def judged(talk: dict[str, Any], asked: dict[str, Any], version: int) -> CountJudged:
    """As the fold decides."""
    said_at = datetime.fromisoformat(asked["said_at"])
    verdict = {"said": Verdict.SAID, "struck": Verdict.STRUCK, "none": Verdict.NONE}
    return CountJudged(
        occurred_at_ms=1,
        session_id=SessionId(talk["session_id"]),
        request_id=f"judged-{version}",
        speaker=asked["speaker"],
        by=UserId("demo-owner"),
        word=asked["word"],
        said_at_ms=round(said_at.timestamp() * 1000),
        day=said_at.date().isoformat(),
        verdict=verdict[asked["verdict"]],
        claim_version=version,
    )


def count_at(told: dict[str, Any], count: dict[str, Any]) -> dict[str, Any]:
    """The count at the same place, as it is now."""
    names = ("speaker", "word", "said_at")
    return next(one for one in told["counts"] if all(one[name] == count[name] for name in names))


def test_words_of_each_voice_come_while_the_talk_is_recorded(page: Page, site: Site) -> None:
    session_id = SessionId("0197a3c2-0000-7000-8000-0000000011fe")
    listing = example_of(SessionListing)
    voices = example_of(ProvisionalSpeakersIdentified)
    words = example_of(ProvisionalWordsCounted)
    label = voices.speakers[0].label
    now_ms = unix_ms()  # older provisional rows have left the warehouse

    def tell(*events: Event) -> None:
        records = [Record(topics.PROVISIONAL, 0, n, event) for n, event in enumerate(events)]
        Sink(site.warehouse, lambda: 0).process(records)

    def counted(window: int, **said: int) -> ProvisionalWordsCounted:
        counts = {label: said}
        return replace(
            words, event_id="", session_id=session_id, caused_by=EventId(f"w{window}"),
            occurred_at_ms=now_ms, window=window, counts=counts, spoken={label: 9},
        )  # fmt: skip

    row = replace(
        listing, event_id="", session_id=session_id, owner=UserId("demo-owner"),
        state=State.RECORDING, failure=None, recorded_at_ms=0,
    )  # fmt: skip
    Sink(site.warehouse, lambda: 0).process([Record(topics.DIRECTORY, 0, 0, row)])
    heard = replace(voices, event_id="", session_id=session_id, occurred_at_ms=now_ms)
    tell(heard, counted(0, lah=3))
    opened(page, site, f"?session={session_id}")
    assert heading(page) == "Still counting"
    live = page.locator(f"{SHOWN} .live li").first
    expect(live).to_contain_text("lah 3")
    tell(counted(1, lah=2, sia=4))
    expect(live).to_contain_text("lah 5, sia 4")  # and nobody reloaded the page


def test_a_talk_that_failed_says_why_and_what_to_do(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    row = example_of(SessionListing)
    failed = replace(
        row,
        session_id=SessionId("0197a3c2-0000-7000-8000-00000000fa11"),
        owner=UserId("demo-owner"),
        state=State.FAILED,
        failure=Failure.SPEAKERS_NOT_IDENTIFIED,
        # Not the last talk of the page.
        recorded_at_ms=0,
    )
    Sink(site.warehouse, lambda: 0).process([Record(topics.DIRECTORY, 0, 0, failed)])
    opened(page, site, f"?session={failed.session_id}")
    assert heading(page) == "This talk could not be counted"
    assert "could not be told apart" in page.locator(SHOWN).inner_text()
