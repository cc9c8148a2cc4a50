"""Every field that people send is bounded, by the one table of limits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.http.fields import ZONES
from schemas.limits import CHUNK_DURATION_MS, RECORDED, SESSION_MS, TABLE
from schemas.phone_events import ChunkUploaded, SessionStarted
from tests.documents import documents, operations
from tests.write_side import FLAC, NOW_MS, SESSION, WriteSide, chunk_headers, sound, start_body

DOCUMENTS = documents()
BOUNDS = ("minLength", "maxLength", "minimum", "maximum")
SHAPED = ("enum", "const", "format", "pattern")
"""They say more than a length does."""
NUMBERS = {limit.least for limit in TABLE} | {limit.most for limit in TABLE}


def inputs(side: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema of everything that a caller of this side may send, with its place."""
    document = DOCUMENTS[side]
    for method, path, operation in operations(document):
        place = f"{method} {path}"
        for parameter in operation.get("parameters", ()):
            yield from leaves(document, f"{place} {parameter['name']}", parameter["schema"])
        for content in operation.get("requestBody", {}).get("content", {}).values():
            yield from leaves(document, f"{place} body", content["schema"])


def leaves(
    document: dict[str, Any], place: str, schema: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schemas below that have no parts."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for part in schema.get("anyOf", ()):
        yield from leaves(document, place, part)
    for name, part in schema.get("properties", {}).items():
        yield from leaves(document, f"{place}.{name}", part)
    if "type" in schema and schema["type"] != "object":
        yield place, schema


INPUTS = [(f"{side} {place}", schema) for side in DOCUMENTS for place, schema in inputs(side)]


@pytest.mark.parametrize(("place", "schema"), INPUTS, ids=[place for place, _ in INPUTS])
def test_every_field_is_bounded_by_the_table(place: str, schema: dict[str, Any]) -> None:
    needed = {
        "string": ("minLength", "maxLength"),
        "integer": ("minimum", "maximum"),
        "number": ("minimum", "maximum"),
        "array": ("minItems", "maxItems"),
    }
    if any(word in schema for word in SHAPED):
        return
    # A least length of 0 is not written down.
    bounds = [schema.get(word, 0) for word in needed.get(schema["type"], ())]
    assert all(bound in NUMBERS for bound in bounds), (place, schema)
    assert any(bounds) == bool(needed.get(schema["type"])), (place, schema)


def test_the_fields_were_found() -> None:
    places = " ".join(place for place, _ in INPUTS)
    for field in ("guest_name", "Lah-Start-Ms", "time_zone", "share", "last-event-id", "seq"):
        assert field in places


@pytest.mark.parametrize("side", sorted(DOCUMENTS))
def test_the_documents_show_the_table(side: str) -> None:
    for limit in TABLE:
        assert f"| {limit.about} | {limit} |" in DOCUMENTS[side]["info"]["description"]


def started(recorded_at: str, **changes: object) -> tuple[int, bool, SessionStarted | None]:
    """The status of a start, whether it says that the clock is wrong, and its event."""
    side = WriteSide()
    consent = {"text_version": "1", "agreed_at": recorded_at}
    body = start_body(recorded_at=recorded_at, consent=consent, **changes)
    answer = side.call("PUT", f"/v1/sessions/{SESSION}", body)
    if not side.publisher.events:
        return answer.status_code, False, None
    [event] = side.publisher.events
    assert isinstance(event, SessionStarted)
    return answer.status_code, answer.json()["clock_corrected"], event


def near(days: int, ms: int = 0) -> datetime:
    """So far from the moment of arrival."""
    return datetime.fromtimestamp(NOW_MS / 1000, UTC) + timedelta(days=days, milliseconds=ms)


@pytest.mark.parametrize(
    "recorded_at",
    [
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "2150-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        near(RECORDED.most, 1).isoformat(),
        near(RECORDED.least, -1).isoformat(),
    ],
)
def test_an_impossible_clock_is_corrected_to_the_arrival(recorded_at: str) -> None:
    """Before, the sink could not write the row of such a session, and nobody's counts arrived."""
    status, is_corrected, event = started(recorded_at)
    assert (status, is_corrected) == (201, True)
    assert event is not None
    assert event.clock_corrected
    assert event.recorded_at_ms == event.consent.agreed_at_ms == NOW_MS


@pytest.mark.parametrize("days", [RECORDED.least, -30, 0, RECORDED.most])
def test_a_possible_clock_is_believed(days: int) -> None:
    said = near(days)
    status, is_corrected, event = started(said.isoformat())
    assert (status, is_corrected) == (201, False)
    assert event is not None
    assert event.recorded_at_ms == NOW_MS + days * 24 * 3600 * 1000


@pytest.mark.parametrize(
    "recorded_at",
    [
        5,
        1e300,
        True,
        "NaN",
        "yesterday",
        "2026-11-24T12:00:00",
        "1764000000",
        "-1",
        "1764000000000",
    ],
)
def test_a_text_that_is_no_time_is_refused(recorded_at: Any) -> None:
    assert started(recorded_at)[0] == 422


@pytest.mark.parametrize(
    "zone", ["localtime", "posixrules", "Factory", "asia/singapore", "../UTC", "", "UTC\0"]
)
def test_a_zone_that_only_one_machine_knows_is_refused(zone: str) -> None:
    assert zone not in ZONES
    assert started("2026-11-24T12:00:00Z", time_zone=zone)[0] == 422


@pytest.mark.parametrize(
    ("start_ms", "duration_ms", "problem"),
    [
        (SESSION_MS.most - 1, 1, ""),
        (SESSION_MS.most - CHUNK_DURATION_MS.most, CHUNK_DURATION_MS.most, ""),
        (SESSION_MS.most - 1, 2, "beyond-session"),
        (SESSION_MS.most - 1, CHUNK_DURATION_MS.most, "beyond-session"),
        (SESSION_MS.most, 1, "bad-number"),
        ("9" * 5_000, 1, "bad-number"),
        (0, "0" * 18 + "5", "bad-number"),
        ("٣", 1, "bad-number"),
        ("0, 0", 1, "bad-number"),
    ],
)
def test_a_chunk_beyond_the_longest_session_is_refused(
    start_ms: object, duration_ms: object, problem: str
) -> None:
    """Before, it was answered 201 and ignored."""
    headers: Any = {
        "Lah-Start-Ms": str(start_ms).encode(),
        "Lah-Duration-Ms": str(duration_ms).encode(),
    }
    content = sound(duration_ms) if isinstance(duration_ms, int) else FLAC
    answer = WriteSide().upload(content=content, headers=headers)
    assert answer.status_code == (422 if problem else 201), answer.text
    assert answer.json().get("type", "") == problem


@pytest.mark.parametrize(
    "media_type", ["", "audio", "audio/mp4; x=\u00e9", "audio/\u00e9", "a/" + "b" * 99, "a/b\tc"]
)
def test_a_media_type_says_nothing(media_type: str) -> None:
    """Before, 415: "audio", "" and others are what browsers and proxies send."""
    side = WriteSide()
    headers: Any = {"Content-Type": media_type.encode("latin-1")}
    assert side.upload(headers=headers).status_code == 201
    [event] = side.publisher.events
    assert isinstance(event, ChunkUploaded)
    assert event.content_type == "audio/flac"


@pytest.mark.parametrize("header", ["Lah-Start-Ms", "Lah-Duration-Ms"])
def test_a_number_that_is_sent_twice_is_refused(header: str) -> None:
    """Before, the first of two different ones was taken. A proxy joins them with a comma."""
    side = WriteSide()
    sent = [*chunk_headers(side.upload_token()).items(), (header, "30000")]
    path = f"/v1/sessions/{SESSION}/chunks/0"
    answer = side.client.request("PUT", path, content=FLAC, headers=sent)
    assert (answer.status_code, answer.json()["type"]) == (422, "bad-number")


def test_digests_of_two_kinds_may_stand_in_two_lines() -> None:
    """Before, 422: RFC 9651 lets a field that is a dictionary be sent in parts."""
    side = WriteSide()
    other = ("Content-Digest", "sha-512=:AAAA:")
    sent = [other, *chunk_headers(side.upload_token()).items()]
    path = f"/v1/sessions/{SESSION}/chunks/0"
    assert side.client.request("PUT", path, content=FLAC, headers=sent).status_code == 201


@pytest.mark.parametrize("number", ["1_0", "+1", "%201", "1.0", "٣", "true", "9" * 5_000])
def test_a_chunk_number_has_digits_alone(number: str) -> None:
    """Before, `1_0` was chunk 10."""
    side = WriteSide()
    sent = chunk_headers(side.upload_token())
    path = f"/v1/sessions/{SESSION}/chunks/{number}"
    assert side.client.request("PUT", path, content=FLAC, headers=sent).status_code == 422


@pytest.mark.parametrize("hint", [True, False, "4", "1_0", " 4", "+4", "4.0", 4.5, [4]])
def test_a_number_of_people_is_a_number(hint: object) -> None:
    """Before, `true` was one person."""
    assert started("2025-11-24T12:00:00Z", speakers_hint=hint)[0] == 422


@pytest.mark.parametrize(
    "day", ["1767225600", 1_767_225_600, "2026-01-01T00:00:00", "20260101", "2026-02-30", True]
)
def test_a_day_is_text_of_a_calendar(day: object) -> None:
    """Before, a number in quotes was the day of that second."""
    answer = WriteSide().call("POST", "/v1/users/me/shares", {"first": day, "last": "2026-12-31"})
    assert answer.status_code == 422


def test_a_whole_number_may_have_a_point() -> None:
    """JSON makes no difference between the two."""
    assert started("2025-11-24T12:00:00Z", speakers_hint=4.0)[0] == 201
