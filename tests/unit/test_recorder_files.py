"""Files of the recorder: what it needs without a network, and facts that others state as well."""

import json
import re
from pathlib import Path

import pytest

from adapters.settings import Settings
from api.pages.files import FILES
from schemas.limits import CHUNKS, CONSENT_TEXT, HINT, SESSION_MS

PAGE = "/record"
OFFLINE = "/offline"
IMPORTS = re.compile(r'^import .*? from "(.+?)";$|addModule\("(.+?)"\)', re.MULTILINE)
LINKS = re.compile(r'(?:href|src)="(/.+?)"')


def text(address: str) -> str:
    return FILES[address].read_text()


def needed(address: str, found: set[str]) -> set[str]:
    """A file, and everything that it loads at its start."""
    if address in found:
        return found
    found.add(address)
    if not address.endswith((".js", PAGE, OFFLINE)):
        return found
    names = [name for pair in IMPORTS.findall(text(address)) for name in pair if name]
    links = LINKS.findall(text(address)) if address in {PAGE, OFFLINE} else []
    for name in [*names, *links]:
        needed(name.replace("./", f"{PAGE}/"), found)
    return found


def test_the_page_has_everything_it_needs_without_a_network() -> None:
    listed = set(re.findall(r'"(/[^"]+\.\w+)"', text("/service-worker.js"))) | {PAGE, OFFLINE}
    assert needed(PAGE, set()) | needed(OFFLINE, set()) <= listed
    assert listed <= FILES.keys()


def test_icons_of_the_installed_page_are_there() -> None:
    manifest = json.loads(text("/record/lahstats.webmanifest"))
    assert {icon["src"] for icon in manifest["icons"]} <= FILES.keys()
    assert manifest["start_url"] in FILES


def test_the_limits_are_those_of_the_write_side() -> None:
    timeline = text("/record/timeline.js")
    assert f"LONGEST_MS = {SESSION_MS.most // 3_600_000} * 3600 * SECOND_MS" in timeline
    assert f"MOST_FILES = {CHUNKS.most};" in timeline
    idle_s = Settings.model_fields["idle_ms"].default // 1000
    assert f"RESUMED_WITHIN_MS = {idle_s} * SECOND_MS" in timeline
    assert f'min: "{HINT.least}", max: "{HINT.most}"' in text("/record/view.js")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_of_every_version_of_the_consent_are_kept(language: str) -> None:
    consent = json.loads(text(f"/site/texts.{language}.json"))["record"]["consent"]
    assert CONSENT_TEXT.holds(len(consent["version"]))
    kept = " ".join(Path("docs/consent.md").read_text().split())
    assert f"## {consent['version']} {consent['words']}" in kept
