"""A group's own words: a lexicon of its own, stored and announced to the gateways."""

from contextlib import closing
from dataclasses import dataclass

import msgspec

from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.objects.lexicons import Lexicons, shipped_lexicon
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from adapters.warehouse import Number, Queries, Warehouse
from deploy.prepare.own_words import load_own_words
from schemas import topics
from schemas.lexicon import Entry, own_words, with_own
from schemas.lexicon_checks import parse
from schemas.people_events import GroupLexicon

KNOWN = "SELECT count() AS n FROM groups FINAL WHERE group_id = {group_id:String}"


class OwnWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of a group's own words."""

    words: tuple[Entry, ...]


@dataclass(frozen=True)
class GroupWords:
    """A group, the lexicon that its next sessions are counted by, and how many words it added."""

    group: str
    lexicon: str
    own_words: int


def extended(file: bytes) -> bytes:
    """Return the shipped lexicon with the words of a file.

    Raises ValueError or msgspec.MsgspecError when the file cannot be used.
    """
    own = msgspec.json.decode(file, type=OwnWords)
    body = msgspec.json.encode(with_own(shipped_lexicon(), own.words))
    parse(body)
    return body


def check_group(warehouse: Queries, group_id: str) -> None:
    """Raise ValueError when there is no such group: words of it would count nowhere. Blocking."""
    (found,) = warehouse.query(KNOWN, {"group_id": group_id}, row=Number)
    if not found.n:
        raise ValueError("there is no group of this id; the address of a group's page has it")


def set_own_words(settings: Settings, group_id: str, extended_lexicon: bytes) -> GroupWords:
    """Store the lexicon, and tell the gateways that the group has it. Blocking. Repeatable.

    Raises ValueError when there is no such group, and TransientError when a server is away.
    """
    with closing(Warehouse(settings)) as warehouse:
        check_group(warehouse, group_id)
        lexicon = Lexicons(S3BlobStore(settings)).put(extended_lexicon)
        load_own_words(warehouse, lexicon)
    event = GroupLexicon(
        occurred_at_ms=unix_ms(),
        group_id=group_id,
        lexicon=lexicon.version,
    )
    with closing(KafkaPublisher(settings.kafka)) as publisher:
        publisher.publish([outgoing(topics.GROUPS_LEXICONS, event)])
    return GroupWords(group_id, lexicon.version, len(own_words(lexicon)))
