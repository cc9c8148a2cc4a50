"""Words of groups' own, beside those of everybody's lexicon: how they are shown and counted."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass

import msgspec

from adapters.kafka.ends import places_of
from adapters.kafka.partition_log import PartitionLog
from adapters.kafka.publisher import KafkaPublisher, Publisher, outgoing
from adapters.objects.lexicons import Lexicons, shipped_lexicon
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Statements, Warehouse
from deploy.prepare.tables import write_words
from schemas import topics
from schemas.codec import decode
from schemas.days import EPOCH
from schemas.lexicon import Entry, Lexicon, own_words, with_own
from schemas.people_events import GroupLexicon
from schemas.rejections import Rejected

Versions = Mapping[str, str]
"""The version of a lexicon, by group or by former version."""


def load_own_words(warehouse: Statements, lexicon: Lexicon) -> None:
    """Write the emoji and categories of the own words of a lexicon. Blocking; repeatable.

    They are older than any lexicon of everybody's, which stays the present one, and whose words
    are shown as it has them.
    """
    own = own_words(lexicon)
    if own:
        write_words(warehouse, own, lexicon.version, EPOCH)


def versions(lexicons: Lexicons, lexicon: Lexicon, former: Collection[str]) -> dict[str, str]:
    """Return by each former version the one to count by. Blocking.

    It is that of `lexicon`, with the own words of the former one that it lacks: it is published.
    """
    return {version: _with_own_of(lexicons, lexicon, version) for version in former}


def _with_own_of(lexicons: Lexicons, lexicon: Lexicon, former: str) -> str:
    try:
        own = own_words(lexicons.get(former))
    except Rejected:
        return lexicon.version  # nobody knows its words any more
    lacking = _lacking(lexicon, own)
    if not lacking:
        return lexicon.version
    encoded = msgspec.json.encode(with_own(lexicon, lacking))
    return lexicons.put(encoded).version


def _lacking(lexicon: Lexicon, own: tuple[Entry, ...]) -> tuple[Entry, ...]:
    spelled = {spelling for entry in lexicon.words for spelling in entry.spellings}
    return tuple(entry for entry in own if spelled.isdisjoint(entry.spellings))


def outdated(lexicons: Lexicons, shipped: Lexicon, of_groups: Versions) -> Iterator[GroupLexicon]:
    """Yield the lexicon of each group whose own words stand beside another common lexicon.

    Blocking: the lexicons are published first.
    """
    version_of = versions(lexicons, shipped, set(of_groups.values()))
    for group_id, version in of_groups.items():
        if version_of[version] != version:
            yield GroupLexicon(
                occurred_at_ms=unix_ms(), group_id=group_id, lexicon=version_of[version]
            )


def renew_group_lexicons(settings: Settings) -> None:
    """Give each group with own words the shipped lexicon beside them. Blocking; repeatable.

    Sessions that begin from then on are counted by it. Raises TransientError when a server is
    away.
    """
    # A topic that was made a moment ago has no leader yet.
    of_groups = retry_transient(lambda: told(settings.kafka))
    if not of_groups:
        return
    lexicons = Lexicons(S3BlobStore(settings))
    with (
        closing(Warehouse(settings)) as warehouse,
        closing(KafkaPublisher(settings.kafka)) as publisher,
    ):
        Renewal(lexicons, warehouse, publisher).renew(shipped_lexicon(), of_groups)


@dataclass(frozen=True)
class Renewal:
    """Brings the lexicons of groups to those of a release. Blocking."""

    lexicons: Lexicons
    warehouse: Statements
    publisher: Publisher

    def renew(self, shipped: Lexicon, of_groups: Versions) -> dict[str, str]:
        """Tell the gateways of new lexicons, and return those by group. Repeatable.

        `of_groups`: see `told`. Raises TransientError when a server is away.
        """
        renewed = list(outdated(self.lexicons, shipped, of_groups))
        found = {event.group_id: event.lexicon for event in renewed}
        for version in sorted(set({**of_groups, **found}.values())):
            load_own_words(self.warehouse, self.lexicons.get(version))
        if renewed:
            self.publisher.publish([outgoing(topics.GROUPS_LEXICONS, one) for one in renewed])
        return found


def told(bootstrap: str) -> dict[str, str]:
    """Return the version that each group's next session is counted by, as the log has it.

    Blocking; raises TransientError when the broker is away.
    """
    found: dict[str, str] = {}
    with closing(PartitionLog(bootstrap, "prepare")) as log:
        for messages in log.read(places_of([topics.GROUPS_LEXICONS])):
            for message in messages:
                _note(found, message.value)
    return found


def _note(found: dict[str, str], value: bytes | None) -> None:
    with suppress(Rejected):  # nothing that the gateways know either
        event = decode(topics.GROUPS_LEXICONS, value)
        if isinstance(event, GroupLexicon):
            found[event.group_id] = event.lexicon
