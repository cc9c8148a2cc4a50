"""Every key is of one declared kind, and erasure of its owner removes it."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.erasure.erasable_objects import erase_session, expire_text, is_erased, is_expired
from schemas.ids import SessionId
from schemas.object_kinds import (
    CHUNK,
    ERASURE_MARKER,
    KINDS,
    LEXICON,
    ObjectKind,
    Owner,
    Removal,
    erased_prefixes,
    expired_prefixes,
    kind_of,
)
from tests.memory_blob_store import MemoryBlobStore

NUMBERS = st.integers(0, 10_000_000)
VALUES: dict[str, st.SearchStrategy[str | int]] = {
    "session_id": st.uuids().map(str),
    "sha256": st.binary(min_size=32, max_size=32).map(bytes.hex),
    "speaker": st.integers(1, 200).map(lambda number: f"S{number}"),
    "version": st.sampled_from(["v1", "v1-sg", "2026.11", "test.one"]),
}
Object = tuple[ObjectKind, dict[str, str | int]]


def values_of(kind: ObjectKind) -> st.SearchStrategy[dict[str, str | int]]:
    return st.fixed_dictionaries({field: VALUES.get(field, NUMBERS) for field in kind.fields})


def objects_of(kind: ObjectKind) -> st.SearchStrategy[Object]:
    return values_of(kind).map(lambda values: (kind, values))


OBJECTS = st.sampled_from(KINDS).flatmap(objects_of)


@given(OBJECTS)
def test_a_key_is_of_the_kind_that_formed_it_and_of_no_other(one: Object) -> None:
    kind, values = one
    key = kind.key(**values)
    assert [other for other in KINDS if other.matches(key)] == [kind]
    assert kind_of(key) is kind


@given(OBJECTS)
def test_erasure_and_expiry_remove_what_is_declared(one: Object) -> None:
    kind, values = one
    key = kind.key(**values)
    session_id = SessionId(str(values.get("session_id", "nobody")))
    is_erased_with_session = key.startswith(erased_prefixes(session_id))
    assert is_erased_with_session == (kind.removed_by in (Removal.ERASURE, Removal.EXPIRY))
    assert key.startswith(expired_prefixes(session_id)) == (kind.removed_by is Removal.EXPIRY)
    assert ("session_id" in values) == (kind.owner is Owner.SESSION)


@given(OBJECTS, st.uuids().map(lambda found: SessionId(str(found))))
def test_erasure_of_another_session_removes_nothing(one: Object, other: SessionId) -> None:
    kind, values = one
    assert not kind.key(**values).startswith(erased_prefixes(other))


@given(OBJECTS)
def test_a_key_names_its_digest(one: Object) -> None:
    kind, values = one
    others = {name: value for name, value in values.items() if name != "sha256"}
    assert kind.digest(kind.key(**values), **others) == values.get("sha256")


def test_a_version_that_begins_like_another_is_another() -> None:
    digest = "0" * 64
    key = LEXICON.key(version="v1-sg", sha256=digest)
    assert key.startswith(LEXICON.before("sha256", version="v1"))
    assert LEXICON.digest(key, version="v1") is None


def test_other_bytes_of_a_chunk_have_the_same_prefix() -> None:
    prefix = CHUNK.before("sha256", session_id="s", seq=3)
    assert prefix == "audio/s/000003-"
    assert CHUNK.key(session_id="s", seq=3, sha256="0" * 64).startswith(prefix)


def test_keys_that_nobody_declared_have_no_kind() -> None:
    assert kind_of("sessions/s/elsewhere/000001.json") is None
    assert kind_of("audio/s/000001-short") is None


@given(st.lists(OBJECTS, max_size=8), st.uuids().map(str))
def test_an_erased_session_leaves_its_marker_alone(found: list[Object], other: str) -> None:
    blobs = MemoryBlobStore()
    erased = SessionId("00000000-0000-4000-8000-000000000000")
    for kind, values in found:
        for session_id in (erased, other):
            owned = {**values, "session_id": session_id} if "session_id" in values else values
            blobs.put(kind.key(**owned), b"", kind.content_type)
    of_others = [key for key in blobs.keys("") if erased not in key]
    erase_session(blobs, erased)
    marker = ERASURE_MARKER.key(session_id=erased)
    assert blobs.keys("") == sorted([*of_others, marker])
    assert is_erased(blobs, erased)


def has_text(key: str) -> bool:
    kind = kind_of(key)
    assert kind is not None, key
    return kind.removed_by is Removal.EXPIRY


@given(st.lists(OBJECTS, max_size=8))
def test_expired_text_is_gone_and_the_rest_is_kept(found: list[Object]) -> None:
    blobs = MemoryBlobStore()
    expired = SessionId("00000000-0000-4000-8000-000000000000")
    for kind, values in found:
        owned = {**values, "session_id": expired} if "session_id" in values else values
        blobs.put(kind.key(**owned), b"", kind.content_type)
    rest = [key for key in blobs.keys("") if not has_text(key)]
    expire_text(blobs, expired)
    marker = f"expired/{expired}/marker"
    assert blobs.keys("") == sorted({*rest, marker})
    assert is_expired(blobs, expired)
