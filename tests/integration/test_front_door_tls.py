"""TLS of the front door: what a phone in the room gets."""

import socket
import ssl
from pathlib import Path

import httpx

from deploy.devstack import front
from tests.integration.front_doors import (
    CLIP,
    PATIENCE_S,
    Door,
    door_alone,
)


def test_a_phone_gets_tls_and_http_2_by_a_certificate_of_its_address(door: Door) -> None:
    trusted = ssl.create_default_context(cafile=front.tls(door.settings) / "tls.crt")
    trusted.set_alpn_protocols(["h2", "http/1.1"])
    address = ("127.0.0.1", door.settings.port("phone"))
    with (
        socket.create_connection(address, PATIENCE_S) as plain,
        trusted.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        assert secured.selected_alpn_protocol() == "h2"
        assert secured.version() == "TLSv1.3"
    assert _of_phone(door, "/v1/users/me").is_success
    assert door.seen[-1].headers["X-Forwarded-Proto"] == "https"


def test_every_answer_over_tls_asks_browsers_to_stay_with_it(door: Door, tmp_path: Path) -> None:
    answers = [_of_phone(door, path) for path in ("/v1/users/me", CLIP)]
    plain = [door.ask("GET", path)[0] for path in ("/v1/users/me", CLIP)]
    with door_alone(tmp_path) as alone:
        answers += [_of_phone(alone, "/"), _of_phone(alone, "/", accept="text/html")]
        plain.append(alone.ask("GET", "/")[0])
    assert [answer.status_code for answer in answers] == [200, 200, 503, 503]
    assert all(answer.headers["Strict-Transport-Security"] for answer in answers)
    assert [answer.getheader("Strict-Transport-Security") for answer in plain] == [None] * 3


def test_an_address_that_is_typed_without_https_leads_to_it(door: Door) -> None:
    """Before, nginx's own page said that a plain request was sent to an HTTPS port."""
    typed = door.settings.phone_url.replace("https:", "http:")
    answer = httpx.get(f"{typed}/wrapped?join=K7QM")
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{door.settings.phone_url}/wrapped?join=K7QM"


def _of_phone(door: Door, path: str, accept: str = "*/*") -> httpx.Response:
    trusted = ssl.create_default_context(cafile=front.tls(door.settings) / "tls.crt")
    with httpx.Client(verify=trusted) as phone:
        return phone.get(f"{door.settings.phone_url}{path}", headers={"Accept": accept})
