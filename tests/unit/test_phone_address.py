"""The address for phones: an installation's own certificate, and a code that leads there."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.settings import Settings
from deploy.cli import phone_address
from deploy.cli.main import app
from deploy.devstack import front
from deploy.prepare import certificates


def test_a_certificate_is_made_once_and_anew_for_another_address(tmp_path: Path) -> None:
    folder = certificates.ensure(tmp_path / "tls", ["192.168.1.5", "localhost"])
    first = certificates.fingerprint(folder)
    certificates.ensure(folder, ["192.168.1.5"])
    assert certificates.fingerprint(folder) == first
    certificates.ensure(folder, ["10.0.0.7"])
    assert certificates.fingerprint(folder) != first
    assert (folder / certificates.KEY).stat().st_mode & 0o077 == 0


def test_the_front_door_is_written_again_for_another_address(tmp_path: Path) -> None:
    here = Settings(data_dir=tmp_path)
    phone = Settings(data_dir=tmp_path, phone_address="192.168.1.5")
    changes = [front.write(one) for one in (here, here, phone, phone, here)]
    assert changes == [True, False, True, False, True]
    assert "ssl_certificate" not in front.file(here).read_text()


def test_pages_know_the_address_that_the_phone_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAHSTATS_PHONE_ADDRESS", "192.168.1.5")
    monkeypatch.setenv("LAHSTATS_PAGE_ORIGIN", "")
    monkeypatch.delenv("LAHSTATS_PAGE_ORIGIN")
    phone_address.choose()
    settings = Settings()
    assert settings.page_origin == settings.phone_url == "https://192.168.1.5:18407"


@pytest.mark.parametrize("address", ["käse", "fe80::1", "192.168.1.5:80", "a b"])
def test_an_address_that_no_certificate_takes_is_named(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Before, `up --phone` ended in a traceback, or said that another program has its ports."""
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LAHSTATS_PHONE_ADDRESS", address)
    done = CliRunner().invoke(app, ["up", "--phone"])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"LAHSTATS_PHONE_ADDRESS is {address!r}. It should be an IPv4")
    assert list(tmp_path.iterdir()) == []


def test_people_see_a_code_and_what_the_phone_will_ask(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, phone_address="127.0.0.1")
    front.write(settings)
    code, *words = phone_address.for_people(settings)
    assert len(code.splitlines()) > 10
    fingerprint = certificates.fingerprint(front.tls(settings))
    assert fingerprint[:23] in " ".join(words)
