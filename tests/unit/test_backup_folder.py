"""The folder of a backup gives back its records, and says where each of them is afterwards."""

from bisect import bisect_left
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.kafka.partition_log import Copied
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from deploy.backup import contents
from deploy.backup.backup import _is_kept, _sessions
from deploy.backup.folder import Folder, Group, Manifest
from deploy.backup.restore import _offsets, _translated
from deploy.clickhouse.migration_files import migrations
from deploy.prepare.kafka_topics import wanted_topics
from schemas.object_kinds import CLIP, ERASURE_MARKER, LEXICON
from schemas.rejections import Header
from tests.golden import EXAMPLES

PLACE = ("session.inbound.v1", 3)
BYTES = st.none() | st.binary(max_size=20)
RECORDS = st.dictionaries(
    st.integers(0, 1 << 40), st.tuples(BYTES, BYTES, st.dictionaries(st.text(), st.text()))
)


def copied(found: dict[int, tuple[bytes | None, bytes | None, dict[str, str]]]) -> list[Copied]:
    return [Copied(offset, 7, *found[offset]) for offset in sorted(found)]


@given(RECORDS, st.integers(0, 1 << 40))
def test_records_come_back_and_offsets_are_counted_anew(
    found: dict[int, tuple[bytes | None, bytes | None, dict[str, str]]], offset: int
) -> None:
    records = copied(found)
    with TemporaryDirectory() as path:
        folder = Folder(Path(path))
        assert folder.write_records((PLACE, record) for record in records) == len(records)
        assert list(folder.records(PLACE)) == records
        assert folder.place_of(PLACE, offset) == bisect_left(sorted(found), offset)
        for number, record in enumerate(records):
            assert folder.place_of(PLACE, record.offset) == number


def test_a_dead_letter_names_the_new_place_of_its_original(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write_records((PLACE, Copied(n, 7, b"k", b"v", {})) for n in (10, 12, 15))
    topic, partition = PLACE
    headers: dict[str, str] = {
        Header.TOPIC: topic,
        Header.PARTITION: str(partition),
        Header.OFFSET: "15",
    }
    assert _translated(folder, headers) == headers | {Header.OFFSET: "2"}
    assert _translated(folder, {"other": "15"}) == {"other": "15"}


def test_a_group_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write_records((PLACE, Copied(n, 7, b"k", b"v", {})) for n in (10, 12, 15))
    manifest = Manifest(
        version=1,
        taken_at_ms=1,
        groups=(Group("mine", *PLACE, 13), Group("other", *PLACE, 16)),
        records=3,
        tables={},
        objects=0,
    )
    folder.finish(manifest)
    assert folder.manifest() == manifest
    assert _offsets(folder, manifest, "mine") == {PLACE: 2}
    assert _offsets(folder, manifest, "other") == {PLACE: 3}


def test_a_folder_with_something_in_it_takes_no_backup(tmp_path: Path) -> None:
    (tmp_path / "letter").touch()
    with pytest.raises(FileExistsError, match="name a new folder"):
        Folder(tmp_path).begin()
    with pytest.raises(FileNotFoundError, match="no complete backup"):
        Folder(tmp_path).manifest()


def test_every_topic_is_kept() -> None:
    partitions = {(one.topic, n) for one in wanted_topics() for n in range(one.num_partitions)}
    assert {*contents.changelogs(), *contents.topics()} == partitions


def test_every_table_that_hides_no_rows_is_named() -> None:
    plain = set()
    for migration in migrations():
        for statement in migration.statements:
            _, _, rest = statement.partition("CREATE TABLE IF NOT EXISTS ")
            if rest and "ReplacingMergeTree" not in rest:
                plain.add(rest.split()[0])
    assert plain == set(contents.NOT_REPLACING)


def test_objects_of_sessions_that_the_log_does_not_know_are_left_out(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write_records([(PLACE, Copied(1, 7, b"known", b"v", {}))])
    sessions = _sessions(folder)
    clips = [
        CLIP.key(session_id=name, generation=1, speaker="S1", ordinal=0)
        for name in ("known", "later")
    ]
    assert [_is_kept(key, sessions) for key in clips] == [True, False]
    assert _is_kept(ERASURE_MARKER.key(session_id="long ago"), sessions)
    assert _is_kept(LEXICON.key(version="1", sha256="0" * 64), sessions)


def test_rows_that_come_after_a_restore_replace_those_of_before() -> None:
    """Places in the log are counted anew. Before, a talk showed its progress of before for long."""
    by_place = set[str]()
    for topic, event in EXAMPLES:
        at_one_place = rows_of(Record(topic, 0, 1, event))
        at_another = rows_of(Record(topic, 0, 2, event))
        for (table, one), (_, other) in zip(at_one_place, at_another, strict=True):
            if one.get("version") != other.get("version"):
                by_place.add(table)
    assert by_place == set(contents.VERSIONED_BY_PLACE)
