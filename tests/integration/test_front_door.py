"""The front door on loopback, before two sides that say what reached them."""

import json
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from adapters.settings import FRONT
from deploy.devstack import front
from deploy.front_door.files import IN_A_FLEET, ON_ONE_HOST
from deploy.front_door.nginx import Door as Shipped
from deploy.front_door.nginx import configuration
from deploy.openapi.applications import applications
from deploy.prepare import certificates
from deploy.waiting import until
from schemas.limits import CHUNK_BYTES, HEAD_BYTES, JSON_BYTES
from tests.documents import routes
from tests.integration.front_doors import (
    CHUNK,
    CLIP,
    EVENTS,
    EVENTS_TOLD,
    PATIENCE_S,
    PIECE,
    SLOW_CHUNK,
    Door,
    all_of,
    door_alone,
    send_quietly,
    strict_door,
)


def test_with_nobody_behind_it_people_get_a_page_and_scripts_a_problem(tmp_path: Path) -> None:
    with door_alone(tmp_path) as alone:
        page, shown = alone.ask("GET", "/", {"Accept": "text/html,*/*"})
        answer, body = alone.ask("GET", "/v1/users/me")
    assert (page.status, page.getheader("Retry-After")) == (503, "5")
    assert b"Back in a moment" in shown
    assert "default-src 'none'" in (page.getheader("Content-Security-Policy") or "")
    told = json.loads(body)
    assert (answer.status, told["status"], told["retryable"]) == (503, 503, True)
    assert answer.getheader("Content-Type") == "application/problem+json"


@pytest.mark.parametrize("side", ["api", "gateway"])
def test_every_route_of_a_side_reaches_that_side(door: Door, side: str) -> None:
    for method, path in sorted(routes(applications()[side].openapi())):
        place = path.replace("{", "").replace("}", "")
        answer, body = door.ask(method, place)
        assert answer.status == 200
        assert json.loads(body.split(b"data:")[0] or b"{}").get("side", side) == side, (
            method,
            path,
        )
        assert (door.seen[-1].side, door.seen[-1].method) == (side, method)


def test_pages_signing_in_and_shared_cards_are_the_read_sides(door: Door) -> None:
    for method, path in (
        ("GET", "/"),
        ("POST", "/auth/renew"),
        ("GET", "/share/x"),
        ("GET", "/no"),
    ):
        door.ask(method, path)
        assert (door.seen[-1].side, door.seen[-1].path) == ("api", path)


def test_a_side_knows_the_client_and_trusts_the_door_alone(door: Door) -> None:
    door.ask("GET", "/v1/users/me", {"X-Forwarded-For": "203.0.113.9"})
    seen = door.seen[-1]
    assert (seen.headers["X-Forwarded-For"], seen.peer) == ("127.0.0.1", FRONT)
    assert seen.headers["Host"] == f"127.0.0.1:{door.settings.port('front')}"


def test_an_upload_passes_while_it_comes(door: Door) -> None:
    connection = door.connection()
    connection.putrequest("PUT", SLOW_CHUNK)
    connection.putheader("Content-Length", str(3 * PIECE))
    connection.endheaders()

    def came() -> int:
        return sum(len(part) for one in door.seen if one.path == SLOW_CHUNK for part in one.parts)

    for sent in (0, PIECE, 2 * PIECE):
        connection.send(b"x" * PIECE)
        assert until(came, sent.__lt__, PATIENCE_S)
    assert connection.getresponse().status == 200
    assert came() == 3 * PIECE


def test_events_come_one_by_one(door: Door) -> None:
    connection = door.connection()
    connection.request("GET", EVENTS)
    answer = connection.getresponse()
    for n in range(EVENTS_TOLD):
        door.wanted.release()
        assert answer.readline() == f"data: {n}\n".encode()
        assert answer.readline() == b"\n"
    assert answer.read() == b""


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize(
    ("path", "most"), [(CHUNK, CHUNK_BYTES.most), ("/v1/groups", JSON_BYTES.most)]
)
def test_a_body_over_the_limit_is_refused_and_the_connection_ends(
    door: Door, path: str, most: int, is_chunked: bool
) -> None:
    with socket.create_connection(("127.0.0.1", door.settings.port("front")), PATIENCE_S) as client:
        length = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {most + 1}"
        client.sendall(f"PUT {path} HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode())
        if is_chunked:
            send_quietly(client, b"%x\r\n" % (most + 1) + b"x" * (most + 1) + b"\r\n0\r\n\r\n")
        said = all_of(client)
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert json.loads(body)["type"] == "body-too-large"


def test_a_head_over_the_limit_is_refused(door: Door) -> None:
    answer, body = door.ask("GET", "/", {"X-Long": "x" * (HEAD_BYTES.most + 1)})
    assert (answer.status, json.loads(body)["type"]) == (431, "head-too-large")


def test_a_network_of_ipv6_is_one_client(tmp_path: Path) -> None:
    with strict_door(tmp_path) as port, httpx.Client() as client:

        def is_refused(address: str) -> bool:
            asked = {"X-Forwarded-For": address}
            return client.get(f"http://127.0.0.1:{port}/", headers=asked).status_code == 429

        ours = [f"2001:db8:0:1::{n:x}" for n in (1, 2, 0xFFFF)]
        assert [is_refused(address) for address in ours] == [False, False, True]
        assert not is_refused("2001:db8:0:2::1")
        assert [is_refused(f"203.0.113.{n}") for n in (1, 2, 3)] == [False] * 3
        mapped = [is_refused(f"::ffff:198.51.100.{n}") for n in (1, 2, 3)]
        assert mapped == [False] * 3
        assert [is_refused("198.51.100.9") for _ in range(3)] == [False, False, True]


def test_people_who_ask_too_often_read_a_page(tmp_path: Path) -> None:
    with strict_door(tmp_path) as port, httpx.Client() as client:
        opened = {"Accept": "text/html,*/*", "X-Forwarded-For": "198.51.100.9"}
        answers = [client.get(f"http://127.0.0.1:{port}/", headers=opened) for _ in range(3)]
        script = client.get(f"http://127.0.0.1:{port}/", headers={**opened, "Accept": "*/*"})
    assert {answer.headers["Content-Type"] for answer in answers} == {"text/html"}
    assert (script.status_code, script.json()["type"]) == (429, "too-many-requests")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("TRACE / HTTP/1.1\r\nHost: x", 405),
        ("GET / HTTP/1.1", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nHost: y", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: y", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: y", 501),
        ("PUT /store/lahstats/clips/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0", 405),
    ],
)
def test_what_the_door_refuses_by_itself_is_a_problem(
    door: Door, request_line: str, status: int
) -> None:
    """Before, they were nginx's own pages, which no script reads."""
    with socket.create_connection(("127.0.0.1", door.settings.port("front")), PATIENCE_S) as client:
        client.sendall(f"{request_line}\r\nConnection: close\r\n\r\n".encode())
        head, _, body = all_of(client).partition(b"\r\n\r\n")
    assert b"application/problem+json" in head, head
    assert (json.loads(body)["status"], int(head.split()[1])) == (status, status)


@pytest.mark.parametrize(("method", "path"), [("PUT", CLIP), ("TRACE", "/v1/users/me")])
def test_a_method_that_the_door_refuses_comes_with_those_that_there_are(
    door: Door, method: str, path: str
) -> None:
    """Before, `Allow` was missing, of which the sides' own 405 speaks."""
    answer, _ = door.ask(method, path)
    taken = {"PUT": "GET, HEAD", "TRACE": "HEAD, GET, PUT, POST, PATCH, DELETE"}
    assert (answer.status, answer.getheader("Allow")) == (405, taken[method])


def test_answers_are_compressed_and_events_are_not(door: Door) -> None:
    accepts = {"Accept-Encoding": "gzip"}
    assert door.ask("GET", "/v1/users/me", accepts)[0].getheader("Content-Encoding") == "gzip"
    door.wanted.release(EVENTS_TOLD)
    assert door.ask("GET", EVENTS, accepts)[0].getheader("Content-Encoding") is None


@pytest.mark.parametrize("shipped", [ON_ONE_HOST, IN_A_FLEET], ids=["compose", "kubernetes"])
def test_nginx_takes_the_configurations_that_are_shipped(shipped: Shipped, tmp_path: Path) -> None:
    """With files and a name server that this machine has in place of those of a container."""
    folder = certificates.ensure(tmp_path / "tls", ["localhost"])
    listens = [
        replace(
            one,
            certificate=one.certificate and str(folder / "tls.crt"),
            key=one.key and str(folder / "tls.key"),
        )
        for one in shipped.listens
    ]
    tried = replace(shipped, listens=tuple(listens), folder=str(tmp_path), resolver="127.0.0.1")
    (tmp_path / "nginx.conf").write_text(configuration(tried))
    command = [str(front.nginx()), "-t", "-c", str(tmp_path / "nginx.conf"), "-e", "stderr"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_clips_are_read_and_nothing_else_of_the_store(door: Door) -> None:
    headers = {"Cookie": "lah=secret", "Authorization": "Bearer x"}
    answer, _ = door.ask("GET", CLIP, headers)
    assert answer.getheader("Cache-Control") == "private, no-store"
    seen = door.seen[-1]
    assert (seen.side, seen.path) == ("s3", CLIP.removeprefix("/store"))
    assert seen.headers["Host"] == door.settings.s3_endpoint
    assert not {"Cookie", "Authorization", "X-Forwarded-For"} & set(seen.headers)
    assert door.ask("PUT", CLIP, headers)[0].status == 405
    head, body = door.ask("HEAD", CLIP)
    assert (head.status, body, door.seen[-1].method) == (200, b"", "GET")
    door.ask("GET", "/store/lahstats/audio/a/000001")
    assert door.seen[-1].side == "api"
