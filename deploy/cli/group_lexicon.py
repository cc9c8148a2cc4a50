"""A group's own words: a lexicon of its own, stored and announced to the gateways."""

from contextlib import closing
from dataclasses import dataclass

import msgspec

from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.objects.lexicons import Lexicons, shipped_lexicon
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from adapters.warehouse import Queries, TypedRow, Warehouse
from deploy.prepare.own_words import load_own_words
from schemas import topics
from schemas.lexicon import Entry, with_own
from schemas.people_events import GroupLexicon

KNOWN = "SELECT count() AS n FROM groups FINAL WHERE group_id = {group_id:String}"


class Number(TypedRow, frozen=True):
    """How many there are."""

    n: int


class OwnWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of a group's own words."""

    words: tuple[Entry, ...]


@dataclass(frozen=True)
class GroupWords:
    """A group, the lexicon that its next sessions are counted by, and how many words it added."""

    group: str
    lexicon: str
    own_words: int


def check_group(warehouse: Queries, group_id: str) -> None:
    """Raise ValueError when there is no such group: words of it would count nowhere. Blocking."""
    (found,) = warehouse.query(KNOWN, {"group_id": group_id}, row=Number)
    if not found.n:
        raise ValueError("there is no group of this id; the address of a group's page has it")


def set_own_words(settings: Settings, group_id: str, file: bytes) -> GroupWords:
    """Store the shipped lexicon with the words of `file`, and tell the gateways. Blocking.

    Raises ValueError or msgspec.MsgspecError when the file cannot be used, and TransientError when
    a server is away. Repeatable.
    """
    own = msgspec.json.decode(file, type=OwnWords).words
    with_words = msgspec.json.encode(with_own(shipped_lexicon(), own))
    lexicon = Lexicons(S3BlobStore(settings)).put(with_words)
    event = GroupLexicon(
        occurred_at_ms=unix_ms(),
        group_id=group_id,
        lexicon=lexicon.version,
    )
    with closing(Warehouse(settings)) as warehouse:
        load_own_words(warehouse, lexicon)
    with closing(KafkaPublisher(settings.kafka)) as publisher:
        publisher.publish([outgoing(topics.GROUPS_LEXICONS, event)])
    return GroupWords(group_id, lexicon.version, len(own))
