"""Lexicons in the real object store: kept under their version, which never means another."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.objects.lexicons import (
    Lexicons,
    VersionTakenError,
    shipped_lexicon,
    shipped_lexicon_bytes,
)
from adapters.objects.s3 import S3BlobStore
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from schemas.rejections import Rejected
from tests.integration.people import Person
from tests.integration.phones import RawPhone, flac

COUNTED_S = 300.0
"""A worker may have windows of other tests before those of a session."""


def body(version: str, words: int) -> bytes:
    whole = json.loads(shipped_lexicon_bytes())
    return json.dumps(
        whole | {"version": version, "words": whole["words"][:words], "hotwords": [], "style": ""}
    ).encode()


def test_a_version_is_one_lexicon_for_ever(stack: RunningStack) -> None:
    lexicons = Lexicons(S3BlobStore(stack.settings))
    kept = lexicons.put(body("test.one", 3))
    assert lexicons.put(body("test.one", 3)) == kept == lexicons.get("test.one")
    with pytest.raises(VersionTakenError, match=r"test\.one"):
        lexicons.put(body("test.one", 4))
    assert lexicons.get("test.one") == kept


def test_the_shipped_lexicon_is_there_and_an_unknown_one_is_not(stack: RunningStack) -> None:
    lexicons = Lexicons(S3BlobStore(stack.settings))
    assert lexicons.get(shipped_lexicon().version) == shipped_lexicon()
    with pytest.raises(Rejected):
        lexicons.get("test.never")


def test_a_lexicon_that_cannot_be_used_is_not_kept(stack: RunningStack) -> None:
    with pytest.raises(ValueError, match="line"):
        Lexicons(S3BlobStore(stack.settings)).put(b'{"version": "test.bad"}')


def own(word: str) -> dict[str, object]:
    return {"word": word, "category": "ours", "emoji": "🐟", "variants": [], "sense": "any"}


def told(stack: RunningStack, group: str, file: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "deploy.cli.main",
        "lexicon",
        "group",
        group,
        str(file),
        "--json",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_group_counts_its_own_words_too(stack: RunningStack, tmp_path: Path) -> None:
    file = tmp_path / "ours.json"
    file.write_text(json.dumps({"words": [own("ikan bilis")]}))
    owner = Person(stack.settings, "ah-beng")
    club = owner.done("POST", "/v1/groups", {"name": "Fish club"})["group_id"]
    until(lambda: owner.get(f"/v1/groups/{club}").status_code, lambda status: status == 200)
    version = json.loads(told(stack, club, file).stdout)["lexicon"]
    assert version.startswith(f"{shipped_lexicon().version}-")
    assert Lexicons(S3BlobStore(stack.settings)).get(version).words[-1].word == "ikan bilis"

    def counted_by(group: str | None) -> str:
        phone = RawPhone(stack.settings)
        phone.start(group_id=group).raise_for_status()
        phone.start(group_id=group).raise_for_status()  # a phone that did not hear the answer
        phone.chunk(0, flac(12)).raise_for_status()
        phone.complete(1).raise_for_status()
        url = f"{stack.settings.url('api')}/v1/sessions/{phone.session_id}"
        until(
            lambda: phone.http.get(url, headers=phone.user_headers).json().get("state"),
            lambda state: state == "completed",
            COUNTED_S,
        )
        return str(phone.http.get(f"{url}/results", headers=phone.user_headers).json()["lexicon"])

    # The gateway follows the topic: the first sessions may still come before it has heard of it.
    until(lambda: counted_by(club), lambda found: found == version, COUNTED_S)
    assert counted_by(None) == shipped_lexicon().version


def test_a_word_that_is_there_already_is_refused(stack: RunningStack, tmp_path: Path) -> None:
    file = tmp_path / "ours.json"
    file.write_text(json.dumps({"words": [own("lah")]}))
    refused = told(stack, "fish-club", file)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "'lah' is there already" in refused.stderr
