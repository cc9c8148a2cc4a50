"""Signing in by a chosen name, in development: not under a name that somebody else leads here."""

from pathlib import Path

import pytest

from adapters.settings import Settings
from deploy.prepare import credentials
from tests.unit.test_signing_in import browser, signed_in


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost.evil.example:18406"])
def test_the_owner_of_a_name_who_leads_it_here_signs_nobody_in(tmp_path: Path, origin: str) -> None:
    """Else any page on the web could sign in as anybody on this machine (DNS rebinding)."""
    credentials.ensure(tmp_path)
    answer = signed_in(browser(Settings(data_dir=tmp_path), origin))
    assert (answer.status_code, answer.json()["type"]) == (421, "not-this-name")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:1", "http://192.168.1.7:18406", "http://[::1]:1", "http://pi.local:1"],
)
def test_names_that_nobody_else_leads_here_are_ours(tmp_path: Path, origin: str) -> None:
    credentials.ensure(tmp_path)
    ours = Settings(data_dir=tmp_path, page_origin="http://pi.local:1")
    assert signed_in(browser(ours, origin)).status_code == 200
