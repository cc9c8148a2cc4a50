"""The lexicons of groups are renewed on a real broker, over a store and a warehouse in memory."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.objects.lexicons import Lexicons, shipped_lexicon
from adapters.process.retry import retry_transient
from deploy.prepare.own_words import Renewal, told
from schemas import topics
from schemas.lexicon import Entry, Sense, with_own
from schemas.people_events import GroupLexicon
from tests.fakes import RecordedStatements
from tests.integration.brokers import broker
from tests.memory_blob_store import MemoryBlobStore

OURS = (Entry("ikan bilis", "food_and_drink", "🐟", (), Sense.ANY),)


def test_the_latest_lexicon_of_each_group_has_the_shipped_words(tmp_path: Path) -> None:
    """Before, a group's next talks were counted by the common words of the day it set its own."""
    lexicons = Lexicons(MemoryBlobStore())
    shipped = shipped_lexicon()
    lexicons.put(msgspec.json.encode(shipped))
    old = with_own(replace(shipped, version="older", words=shipped.words[:9], hotwords=()), OURS)
    lexicons.put(msgspec.json.encode(old))
    wanted = with_own(shipped, OURS).version
    warehouse = RecordedStatements()
    with broker(tmp_path) as up:
        publisher = KafkaPublisher(up.settings.kafka, timeout_s=60)
        events = [
            GroupLexicon(occurred_at_ms=n, group_id="fish", lexicon=version)
            for n, version in enumerate(("older-than-that", old.version))
        ]
        publisher.publish([outgoing(topics.GROUPS_LEXICONS, event) for event in events])
        renewal = Renewal(lexicons, warehouse, publisher)
        of_groups = retry_transient(lambda: told(up.settings.kafka))
        assert renewal.renew(shipped, of_groups) == {"fish": wanted}
        assert renewal.renew(shipped, told(up.settings.kafka)) == {}
        publisher.close()
    assert {row[0] for _, _, rows in warehouse.written for row in rows} == {"ikan bilis"}
    assert lexicons.get(wanted).words == (*shipped.words, *OURS)
