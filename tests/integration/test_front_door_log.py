"""The log of the front door: a line for each failure, and nobody's names or secrets in it."""

import json
from pathlib import Path

import pytest

from tests.integration.front_doors import Side, door_alone

MARK = "mfrggzdfmztwq2lkobuhk4tfmu"
ASKED = (
    f"/share/{MARK}",
    f"/v1/users/search?q={MARK}",
    f"/auth/callback?code={MARK}&state={MARK}",
    f"/store/lahstats/clips/a/000001-S1-0.flac?X-Amz-Signature={MARK}",
)
"""Addresses that open something, or name somebody."""


def test_failures_are_logged_without_the_addresses_that_were_asked_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with door_alone(tmp_path) as alone:
        for path in ASKED:
            told = json.loads(alone.ask("GET", path, {"Referer": f"http://x/{MARK}"})[1])
            assert told["status"] == 503
        too_large = alone.ask("PUT", f"/v1/groups?q={MARK}", {}, b"x" * 70_000)
    said = capfd.readouterr().err
    assert MARK not in said
    assert "127.0.0.1, server" not in said
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [(line["event"], line["method"], int(line["status"])) for line in lines] == [
        ("front_door_failed", "GET", 503)
    ] * len(ASKED)
    assert lines[-1]["request_id"] == told["request_id"]
    assert too_large[0].status == 413


def test_requests_that_succeed_are_not_logged(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with door_alone(tmp_path) as door:
        side = Side("api", door.settings.port("api"), door)
        assert door.ask("GET", "/v1/users/me")[0].status == 200
        side.shutdown()
        side.server_close()
    assert not [line for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
