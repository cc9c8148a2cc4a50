"""ID tokens of a provider: whose signature, for whom, until when, and for which sign-in."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from adapters.http.problems import HttpProblem
from api.signing_in.provider import Provider, RefusedError, challenge
from api.signing_in.service import local
from tests.issuer import CLIENT, NONCE, OTHER_KEY, Issuer, issuing, signed


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


def person(issuer: Issuer, id_token: str) -> tuple[str, str, str]:
    issuer.status = 200
    issuer.granted = json.dumps({"id_token": id_token, "refresh_token": "r"}).encode()
    provider = Provider(issuer.url, CLIENT, "", "https://lah.example")
    found = provider.granted("code", "verifier", NONCE)
    return found.user, found.name, found.refresh_token


def test_a_good_token_names_its_person(issuer: Issuer) -> None:
    assert person(issuer, signed(issuer, name="Mei")) == ("mei", "Mei", "r")
    assert person(issuer, signed(issuer, aud=[CLIENT])) == ("mei", "", "r")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "a\nb"},
    ],
    ids=str,
)
def test_a_token_for_somebody_or_something_else_signs_nobody_in(
    issuer: Issuer, changes: dict[str, Any]
) -> None:
    with pytest.raises(RefusedError):
        person(issuer, signed(issuer, **changes))


def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(issuer: Issuer) -> None:
    claims = jwt.decode(signed(issuer), options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", algorithm="none", headers={"kid": "one"})
    shared = jwt.encode(claims, "s" * 32, algorithm="HS256", headers={"kid": "one"})
    for forged in (signed(issuer, OTHER_KEY), unsigned, shared, "", "x.y.z"):
        with pytest.raises(RefusedError):
            person(issuer, forged)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, b"{}", RefusedError),
        (503, b"{}", HttpProblem),
        (200, b"<html>maintenance", HttpProblem),
        (200, b'{"refresh_token": 1}', HttpProblem),
        (200, b'{"refresh_token": "\xff"}', HttpProblem),
    ],
)
def test_a_no_is_no_and_an_outage_is_told_as_one(
    issuer: Issuer, status: int, body: bytes, expected: type[Exception]
) -> None:
    issuer.status = status
    issuer.granted = body
    provider = Provider(issuer.url, CLIENT, "", "https://lah.example")
    with pytest.raises(expected):
        provider.renewed("r", "mei")  # type: ignore[arg-type]


def test_an_endpoint_keeps_the_parameters_that_it_has(issuer: Issuer) -> None:
    provider = Provider(issuer.url, CLIENT, "", "https://lah.example")
    for address in (provider.begin("state", NONCE, "verifier"), provider.leave()):
        asked = parse_qs(urlsplit(address).query)
        assert (asked["tenant"], asked["client_id"]) == (["lah"], [CLIENT])


def test_the_code_is_bound_to_a_verifier_that_never_leaves(issuer: Issuer) -> None:
    # The example of RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    provider = Provider(issuer.url, CLIENT, "", "https://lah.example")
    address = provider.begin("state", NONCE, verifier)
    assert challenge(verifier) in address
    assert verifier not in address


@pytest.mark.parametrize(
    ("path", "led_to"),
    [
        ("/wrapped?period=week", "/wrapped?period=week"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
        ("/wrapped?session=" + "a" * 8_000, "/"),
    ],
)
def test_a_link_leads_nobody_elsewhere(path: str, led_to: str) -> None:
    assert local(path) == led_to
