"""A recount asks for every session once, however many there are, and leaves groups their words."""

from collections.abc import Sequence

import msgspec

from adapters.kafka.publisher import Outgoing
from adapters.objects.lexicons import Lexicons
from deploy.cli.recounting import AT_ONCE, ask
from deploy.prepare.own_words import load_own_words, outdated, versions
from schemas.lexicon import Entry, Lexicon, Sense, own_words, with_own
from tests.fakes import RecordedStatements
from tests.memory_blob_store import MemoryBlobStore


def lexicon(version: str, *words: str) -> Lexicon:
    return Lexicon(version, entries(*words))


def entries(*words: str) -> tuple[Entry, ...]:
    return tuple(Entry(word, "particle", "", (), Sense.ANY) for word in words)


def put(lexicons: Lexicons, one: Lexicon) -> Lexicon:
    return lexicons.put(msgspec.json.encode(one))


class Recorder:
    """Stands for the publisher: what was published together."""

    def __init__(self) -> None:
        self.calls: list[Sequence[Outgoing]] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.calls.append(messages)


def test_requests_are_published_some_at_a_time() -> None:
    """Before, all went to the client at once, which has room for a hundred thousand."""
    publisher = Recorder()
    sessions = [f"s{n}" for n in range(2 * AT_ONCE + 1)]
    ask(publisher, dict.fromkeys(sessions, "2"))
    keys = [message.key for call in publisher.calls for message in call]
    assert keys == [session.encode() for session in sessions]
    assert max(len(call) for call in publisher.calls) == AT_ONCE


def test_a_group_keeps_its_own_words() -> None:
    """Before, all sessions were counted by the file alone: a group's own words left its totals."""
    lexicons = Lexicons(MemoryBlobStore())
    put(lexicons, lexicon("1", "lah"))
    of_group = put(lexicons, with_own(lexicon("1", "lah"), entries("gong", "sotong")))
    new = put(lexicons, lexicon("2", "lah", "gong"))
    found = versions(lexicons, new, {"1", of_group.version, "never-published"})
    assert (found["1"], found["never-published"]) == ("2", "2")
    counted_by = lexicons.get(found[of_group.version])
    assert [entry.word for entry in counted_by.words] == ["lah", "gong", "sotong"]
    # The same once more has nothing to do.
    assert versions(lexicons, new, {counted_by.version}) == {counted_by.version: counted_by.version}


def test_own_words_are_known_by_the_version() -> None:
    common = lexicon("2026.11-rc", "lah", "lor")
    own = entries("gong", "sotong")
    assert own_words(with_own(common, own)) == own
    assert own_words(common) == ()


def test_a_groups_next_sessions_are_counted_by_the_new_common_words_too() -> None:
    """Before, they were counted by the common words of the day on which the group set its own."""
    lexicons = Lexicons(MemoryBlobStore())
    shipped = put(lexicons, lexicon("2", "lah", "gong"))
    of_old = put(lexicons, with_own(lexicon("1", "lah"), entries("gong", "sotong")))
    of_new = put(lexicons, with_own(shipped, entries("sotong")))
    plain = put(lexicons, with_own(lexicon("1", "lah"), entries("gong")))
    groups = {"old": of_old.version, "new": of_new.version, "plain": plain.version}
    told = list(outdated(lexicons, shipped, groups))
    assert {event.group_id: event.lexicon for event in told} == {
        "old": of_new.version,
        "plain": "2",
    }
    assert list(outdated(lexicons, shipped, {"old": of_new.version, "plain": "2"})) == []


def test_own_words_alone_are_shown_beside_those_of_everybody() -> None:
    warehouse = RecordedStatements()
    common = lexicon("1", "lah")
    load_own_words(warehouse, common)
    assert warehouse.written == []
    load_own_words(warehouse, with_own(common, entries("sotong")))
    [(table, _, rows)] = warehouse.written
    assert (table, [row[0] for row in rows]) == ("lexicon", ["sotong"])
