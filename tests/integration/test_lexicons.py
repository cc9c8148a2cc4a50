"""Lexicons in the real object store: kept under their version, which never means another."""

import json

import pytest

from adapters import lexicon_file
from adapters.errors import PermanentError
from adapters.lexicons import Lexicons, VersionTakenError
from adapters.object_store import S3BlobStore
from tests.running_stack import RunningStack


def body(version: str, words: int) -> bytes:
    whole = json.loads(lexicon_file.body())
    return json.dumps(whole | {"version": version, "words": whole["words"][:words], "hotwords": [], "style": ""}).encode()


def test_a_version_is_one_lexicon_for_ever(stack: RunningStack) -> None:
    lexicons = Lexicons(S3BlobStore(stack.settings))
    kept = lexicons.put(body("test.one", 3))
    assert lexicons.put(body("test.one", 3)) == kept == lexicons.get("test.one")
    with pytest.raises(VersionTakenError, match=r"test\.one"):
        lexicons.put(body("test.one", 4))
    assert lexicons.get("test.one") == kept


def test_the_shipped_lexicon_is_there_and_an_unknown_one_is_not(stack: RunningStack) -> None:
    lexicons = Lexicons(S3BlobStore(stack.settings))
    assert lexicons.get(lexicon_file.current().version) == lexicon_file.current()
    with pytest.raises(PermanentError):
        lexicons.get("test.never")


def test_a_lexicon_that_cannot_be_used_is_not_kept(stack: RunningStack) -> None:
    with pytest.raises(ValueError, match="line"):
        Lexicons(S3BlobStore(stack.settings)).put(b'{"version": "test.bad"}')
