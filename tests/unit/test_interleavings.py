"""Every fold comes to the same end, in whatever order its topics are read.

Kafka orders the events of one key on one topic, and nothing between topics. A fold that is behind,
or that begins again, may read all of one topic before anything of another.

Any order that keeps that of each topic must give the same state, and the same facts: the newest of
those that replace each other. Progress and work for the models may differ. One thing is ordered
besides: a request that is decided by what is known stays behind what its author could see.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.settings import Settings
from schemas import claim_events as claims
from schemas import people_events as people
from schemas import session_events as session
from schemas import session_requests as requests
from schemas import speech_events as speech
from schemas import stages
from schemas import word_events as words
from schemas.event import Event
from schemas.rejections import Rejected
from schemas.session_rows import SessionListing
from streams.fold import Fold
from streams.main import folds, rules_of
from streams.store import Store
from tests.guide.memory_stack import LEXICON, NOW_MS, clock
from tests.ordered_requests import FIRST, stays_before
from tests.recorded_sessions import RECORDINGS, made_once
from tests.recorded_stack import YEAR_MS, Recording, Sent

FACTS: dict[type[Event], tuple[str, ...]] = {
    SessionListing: (),
    session.SessionSealed: ("generation",),
    session.ConstrainedSessionSealed: ("generation",),
    session.SpeakersConstrained: ("generation",),
    session.SessionReady: (),
    session.SessionCompleted: (),
    session.SessionErased: (),
    session.ErasureSettled: (),
    session.TextExpired: (),
    session.RequestAccepted: ("request_id",),
    session.RequestRejected: ("request_id",),
    speech.ClipsWanted: (),
    words.WordsAttributed: ("window",),
    words.WordsCounted: ("window",),
    words.SessionCounted: (),
    words.WordsCredited: ("user_id", "speaker"),
    words.VoiceCredited: ("user_id", "speaker"),
    claims.SpeakerClaimed: ("speaker",),
    claims.SpeakerReleased: ("speaker",),
    claims.SpeakerTagged: ("speaker",),
    claims.ClaimRejected: ("request_id",),
    claims.CountJudged: ("speaker", "word", "said_at_ms"),
    people.GroupChangeDecided: ("request_id",),
    people.GroupListing: (),
    people.UserChangeDecided: ("request_id",),
    people.UserListing: (),
    people.ShareListing: ("share",),
    people.UserErased: (),
}
"""Facts that people, gateways and the warehouse keep, and the fields that say their place."""
SAME_PLACE = {
    "ConstrainedSessionSealed": "SessionSealed",
    "SessionCompleted": "SessionReady",
    "SpeakerReleased": "SpeakerClaimed",
    "SpeakerTagged": "SpeakerClaimed",
}
"""One replaces the other."""
UNSAID = {"event_id", "occurred_at_ms", "caused_by", "request_id"}
PATIENT = (*FIRST, requests.ReplayRequested, session.TextExpired, session.ErasureSettled)
"""Decided by the facts that are known already, or sent when all is over."""


def plain(value: object, left_out: set[str] = UNSAID) -> object:
    """The value without zeros: a word that was never said is no word."""
    if isinstance(value, dict):
        kept = {key: plain(one, left_out) for key, one in value.items() if key not in left_out}
        return {key: one for key, one in kept.items() if one not in (0, {}, [], None)}
    if isinstance(value, list | tuple):
        return [plain(one, left_out) for one in value]
    return value


def essence(said: Iterable[Event]) -> dict[object, object]:
    """The newest fact of each place."""
    newest: dict[object, object] = {}
    for event in said:
        about = FACTS.get(type(event))
        if about is None:
            continue
        name = type(event).__name__
        place = (SAME_PLACE.get(name, name), *(getattr(event, path) for path in about))
        newest[place] = (name, plain(msgspec.to_builtins(event)))
    return newest


@dataclass(frozen=True)
class Ending:
    """The table of a fold and its facts after the last event."""

    table: dict[str, object]
    facts: dict[object, object]
    rejected: int


@dataclass(frozen=True)
class Read:
    """A fold with what it read in one recording."""

    fold: Fold
    inputs: list[Sent]

    def ending(self, order: Sequence[int]) -> Ending:
        """The end after reading the inputs in this order."""
        table: dict[str, bytes] = {}
        said: list[Event] = []
        rejected = 0
        for n in order:
            store = Store(table.get)
            try:
                said += [event for _, event in self.fold.run(store, self.inputs[n][1])]
            except Rejected:
                rejected += 1
                continue
            store.write_to(table)
        held = {key: plain(msgspec.json.decode(body)) for key, body in table.items()}
        return Ending(held, essence(said), rejected)

    def interleaved(self, labels: Sequence[int]) -> list[int]:
        """The order that takes the next event of the topic of each label."""
        waiting: dict[int, list[int]] = {}
        for n, label in enumerate(self.labels):
            waiting.setdefault(label, []).append(n)
        left = list(labels)
        order: list[int] = []
        while left:
            read = set(order)
            label = next(label for label in left if self._awaited[waiting[label][0]] <= read)
            left.remove(label)
            order.append(waiting[label].pop(0))
        return order

    @cached_property
    def recorded(self) -> Ending:
        """The end after the recording's own order. Nobody changes it."""
        return self.ending(range(len(self.inputs)))

    @cached_property
    def _awaited(self) -> list[set[int]]:
        """For each input, those that are read before it in every order."""
        events = [event for _, event in self.inputs]
        return [_before(event, events[:n]) for n, event in enumerate(events)]

    @property
    def is_erased(self) -> bool:
        """Whether the session was erased: facts about it are nobody's any more."""
        return any(isinstance(event, session.SessionErased) for _, event in self.inputs)

    @cached_property
    def labels(self) -> list[int]:
        """For each input, the place of its topic among the topics of the fold."""
        return [self.fold.role.reads.index(topic) for topic, _ in self.inputs]


def _before(later: Event, formers: list[Event]) -> set[int]:
    """The numbers of those that `later` is not read before."""
    is_patient = _is_patient(later)
    return {m for m, one in enumerate(formers) if is_patient or stays_before(one, later)}


def _is_patient(event: Event) -> bool:
    """A Tick of the same day seals, or takes chunks that are late: by its own topic alone."""
    is_of_the_end = isinstance(event, session.Tick) and event.now_ms >= NOW_MS + YEAR_MS
    return is_of_the_end or isinstance(event, PATIENT)


@cache
def read(record: Callable[[], Recording], name: str) -> Read:
    """The fold and its inputs in the recording."""
    on = made_once(record)
    rules = rules_of(Settings(), LEXICON)
    hosted = folds(on.store(), clock, rules.window_ms, LEXICON, rules)
    fold = next(fold for fold in hosted if fold.name == name)
    return Read(fold, on.read_by(fold.role.reads))


CASES = [
    pytest.param(record, fold.name, id=f"{record.__name__}-{fold.name}")
    for record in RECORDINGS
    for fold in stages.FOLDS
    if read(record, fold.name).inputs
]


@pytest.mark.parametrize(("record", "name"), CASES)
@settings(max_examples=25, derandomize=True)
@given(data=st.data())
def test_any_order_of_the_topics_gives_the_same_end(
    record: Callable[[], Recording], name: str, data: st.DataObject
) -> None:
    known = read(record, name)
    order = known.interleaved(data.draw(st.permutations(known.labels)))
    check(known, order)


@pytest.mark.parametrize(("record", "name"), CASES)
def test_one_topic_may_be_read_before_all_others(
    record: Callable[[], Recording], name: str
) -> None:
    known = read(record, name)
    for first in set(known.labels):
        ahead = [label for label in known.labels if label == first]
        behind = [label for label in known.labels if label != first]
        check(known, known.interleaved([*ahead, *behind]))
        check(known, known.interleaved([*behind, *ahead]))


def check(known: Read, order: Sequence[int]) -> None:
    """The end is that of the recording."""
    recorded = known.recorded
    ending = known.ending(order)
    assert ending.table == recorded.table
    assert ending.rejected == recorded.rejected
    if ("SessionErased",) not in recorded.facts and not known.is_erased:
        assert ending.facts == {
            place: fact
            for place, fact in recorded.facts.items()
            if place in ending.facts or place not in replaced(recorded.facts)
        }


def replaced(facts: dict[object, object]) -> set[object]:
    """The seals of hints that a later generation followed: hints in a row open one generation."""
    hints: list[tuple[str, int]] = []
    newest = 0
    for place, fact in facts.items():
        match place, fact:
            case ("SessionSealed", int(generation)), (_, {"cause": cause}):
                newest = max(newest, generation)
                if cause == session.Cause.HINT:
                    hints.append(("SessionSealed", generation))
    return {seal for seal in hints if seal[1] < newest}
