"""Names that people type: kept as they are seen, and refused when nobody could see them."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.limits import NAME
from schemas.names import BIDI_CONTROLS, id_of, name_of
from tests.write_side import WriteSide, listing


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mei", "Mei"),
        ("  Ah\u00a0Beng\t", "Ah\u00a0Beng"),
        ("Jose\u0301", "Jos\u00e9"),
        ("\u200b \u200dMei\ufeff", "Mei"),
        ("\u200e\u061c Mei\u200f\u034f", "Mei"),
        ("e\u0301" * NAME.most, "\u00e9" * NAME.most),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        ("\u05d3\u05e0\u05d4", "\u05d3\u05e0\u05d4"),
    ],
)
def test_a_name_is_kept_as_it_is_seen(typed: str, kept: str) -> None:
    assert name_of(typed) == kept


UNSEEN = [
    "",
    "   ",
    "\u200b\u200c\u200d",
    "\u2060\ufeff",
    "\u3164",
    "\u2800 \u115f",
    "\u0301",
    "\ufe0f",
]
NO_TEXT = ["a\x00b", "a\nb", "a\x7f", "a\x85b", "a\u2028b", "a\ud800", "a\ufffeb", "a\U0001ffffb"]
LONG = ["x" * (NAME.most + 1), "\u0958" * (NAME.most // 2 + 1)]
TURNED = [f"gnimoc{control}" for control in sorted(BIDI_CONTROLS)]


@pytest.mark.parametrize("typed", [*UNSEEN, *NO_TEXT, *LONG, *TURNED])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="a name has"):
        name_of(typed)


@given(st.text())
def test_what_is_kept_is_kept_again_and_has_a_length_within(typed: str) -> None:
    try:
        name = name_of(typed)
    except ValueError:
        return
    assert name_of(name) == name == unicodedata.normalize("NFC", name)
    assert NAME.holds(len(name))
    name.encode()


def test_ids_can_be_printed() -> None:
    assert id_of("auth0|62f1") == "auth0|62f1"
    for odd in ("a\nb", "a\u202eb", "\u200b", "a\x00"):
        with pytest.raises(ValueError, match="printed"):
            id_of(odd)


@pytest.mark.parametrize("name", [*UNSEEN, *NO_TEXT, *LONG, *TURNED])
def test_every_route_that_takes_a_name_refuses_what_is_none(name: str) -> None:
    side = WriteSide()
    side.directory.take(listing())
    session = f"/v1/sessions/{listing().session_id}"
    guest = {"speaker": "S1", "claim": "guest", "guest_name": name}
    bodies = [
        ("POST", "/v1/groups", {"name": name}),
        ("PATCH", "/v1/groups/7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a", {"name": name}),
        ("PATCH", "/v1/users/me", {"display_name": name}),
        ("POST", f"{session}/claims", guest),
    ]
    headers = {"Authorization": "Bearer owner", "Content-Type": "application/json"}
    for method, path, body in bodies:
        escaped = json.dumps(body).encode()  # half of a pair can be sent in this way only
        answer = side.client.request(method, path, content=escaped, headers=headers)
        assert answer.status_code == 422, (path, answer.text)
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert side.publisher.events == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "ok", "\\ud800": 1}',
        b'{"name": ["\\udfff"]}',
        b'{"name": ' + b"1" * 5_000 + b"}",
        b'{"name": ' + b"[" * 30_000,
        b'{"name": NaN}',
        b'{"name": "\xff"}',
        b"[" + b'{"a":1},' * 5_000 + b"1]",
        b"{" + b",".join(b'"%d":0' % n for n in range(5_000)) + b"}",
    ],
)
def test_a_body_that_is_no_text_is_answered_in_few_words(body: bytes) -> None:
    """Before, a half of a surrogate pair was answered 500, and 5,000 mistakes with a megabyte."""
    headers = {"Authorization": "Bearer owner", "Content-Type": "application/json"}
    answer = WriteSide().client.request("POST", "/v1/groups", content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.content) < 10_000
