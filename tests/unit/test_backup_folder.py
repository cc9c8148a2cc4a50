"""The folder of a backup gives back its records, and says where each of them is afterwards."""

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.partition_log import Copied
from adapters.kafka.publisher import Outgoing
from adapters.settings import Settings
from consumers.dlq.letters import _letter, replay
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from deploy.backup import contents
from deploy.backup.backup import _is_kept, _sessions
from deploy.backup.folder import Folder, Group, Manifest
from deploy.backup.restore import _log, _offsets
from deploy.clickhouse.migration_files import migrations
from deploy.prepare.kafka_topics import wanted_topics
from schemas.codec import decode
from schemas.object_kinds import CLIP, ERASURE_MARKER, LEXICON
from schemas.rejections import Reason
from schemas.topics import LETTERS
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


class Published:
    """A producer that remembers what it was given."""

    def __init__(self, *_settings: object) -> None:
        self.messages: list[Outgoing] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.messages += messages

    def close(self) -> None: ...


def test_a_letter_that_is_sent_back_after_a_restore_is_one_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, it named the new place of its original: its row in the warehouse stayed."""
    folder = Folder(tmp_path)
    folder.write_records((PLACE, Copied(n, 7, b"k", b"v", {})) for n in (10, 12, 15))
    source = Fetched(*PLACE, 15, b"k", b"v")
    letter, said = Letters("sessions", lambda: 7).about(source, None, Reason.NOT_JSON, "")
    place = (letter.topic, 0)
    copied = Copied(4, 7, letter.key, letter.value, dict(letter.headers))
    folder.write_records([(place, copied)])
    log = Published()
    monkeypatch.setattr("deploy.backup.restore.KafkaPublisher", lambda *_: log)
    _log(Settings(), folder)
    restored = next(one for one in log.messages if one.topic == letter.topic)
    headers = dict(restored.headers)
    back = Published()
    replay(_letter(place, Copied(0, 7, b"k", b"v", headers)), back, lambda *_: (), 8)
    assert key_of_row(back.messages[-1]) == key_of_row(said)


def key_of_row(said: Outgoing) -> list[object]:
    """The columns by which the table knows the row of a letter."""
    record = Record(LETTERS, 0, 0, decode(LETTERS, said.value))
    ((_, row),) = rows_of(record)
    return [row[name] for name in ("session_id", "stage", "topic", "partition", "offset")]


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


def test_a_backup_is_for_the_user_alone_who_takes_it(tmp_path: Path) -> None:
    Folder(tmp_path / "new").begin()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_manifest_that_is_cut_is_refused_in_words(tmp_path: Path) -> None:
    """Before, a lost power could cut it, and `lahstats restore` did not say which file was cut."""
    (tmp_path / "manifest.json").write_bytes(b'{"version": 1, "taken_at')
    with pytest.raises(ValueError, match="is damaged"):
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
