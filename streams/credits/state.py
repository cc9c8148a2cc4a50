"""The state of a session in the credits fold: its claims, its verdicts and its counts."""

from dataclasses import dataclass

import msgspec

from schemas.claim_events import ClaimKind, Decided, Verdict
from schemas.event import Event, SessionEvent
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.ranges import Ranges
from schemas.session_events import Seal, SpeakersConstrained
from schemas.speech_events import SpeakersIdentified
from streams.answers import Answers
from streams.credits.counts import Credited, Totals, WindowCounts
from streams.store import Store
from streams.view import View, view_of


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A speaker is a user or a guest, as `by` says. `made_ms`: when it was asked for (Unix)."""

    kind: ClaimKind
    by: UserId
    user_id: UserId | None
    guest_name: str | None
    made_ms: int = 0


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """`by` says that a speaker is `user_id`, who has not agreed yet. `made_ms`: as of a claim."""

    by: UserId
    user_id: UserId
    made_ms: int = 0


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a speaker's claim or tag by a user. `claim` and `tag` are those before it.

    `by` stands for a user who left since. `made_ms`: as of a claim.
    """

    number: int
    speaker: SpeakerLabel
    by: UserId
    made_ms: int = 0
    claim: Claim | None
    tag: Tag | None


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """A speaker became a part of `into` by a merge, with the claim and the tag that it had.

    `is_moved`: the claim went with it, because `into` had none.
    """

    speaker: SpeakerLabel
    into: SpeakerLabel
    claim: Claim | None
    tag: Tag | None
    is_moved: bool


Place = tuple[SpeakerLabel, str, int]
"""The names of a count: its speaker, its word and its moment."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict on the count of a word at a place of the recording, and the day that it is of.

    `is_here`: the generation that people see has the count. A verdict waits while it has not.
    `given_to`: the speaker that had the count when the verdict was given; None until a generation
    follows, as it is `speaker` then. `by` stands for the user who gave the verdict. `made_ms`: as
    of a claim.
    """

    speaker: SpeakerLabel
    word: str
    said_at_ms: int
    day: str
    verdict: Verdict
    is_here: bool = True
    given_to: SpeakerLabel | None = None
    by: str = ""
    made_ms: int = 0

    @property
    def place(self) -> Place:
        """The names of the count."""
        return self.speaker, self.word, self.said_at_ms


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """One session.

    `ever_words`: words that were ever published for a present speaker. `credited` is sorted by user
    and speaker. `counted`: the windows of the sealed generation that are counted. `left_ms`: when
    people asked to be forgotten (Unix), by their digest in this session.
    """

    sealed: Seal | None = None
    identified: SpeakersIdentified | None = None
    counted: Ranges = ()
    totals: Totals | None = None
    ever_words: dict[SpeakerLabel, tuple[str, ...]] = {}
    claims: dict[SpeakerLabel, Claim] = {}
    tags: dict[SpeakerLabel, Tag] = {}
    constrained: SpeakersConstrained | None = None
    credited: tuple[Credited, ...] = ()
    answers: Answers = Answers()
    changes: int = 0
    history: tuple[Change, ...] = ()
    joined: tuple[Joined, ...] = ()
    verdicts: tuple[Judged, ...] = ()
    left_ms: dict[str, int] = {}
    erased: bool = False

    @property
    def sealed_windows(self) -> range:
        """The numbers of the windows that are sealed; none before the seal."""
        return range(len(self.sealed.windows)) if self.sealed else range(0)

    @property
    def generation(self) -> int:
        """The number of the generation that people see; 0 before the first is complete."""
        return self.totals.generation if self.totals else 0

    @property
    def version(self) -> int:
        """The number of the claims and credits: every change and every new generation raises it.

        It does not say how many generations were overtaken before they were complete.
        """
        return self.changes + self.generation


@dataclass(frozen=True)
class Credits:
    """One session and the counts of its windows. `ledger` is None when nothing is known.

    `decided`: the answer and the notices that the event gives that is handled; they are not kept.
    """

    session_id: SessionId
    ledger: Ledger | None
    counts: View[WindowCounts]
    decided: tuple[Decided, ...] = ()

    @property
    def known(self) -> Ledger:
        """The ledger, empty when nothing is known."""
        return self.ledger or Ledger()

    @property
    def windows(self) -> list[WindowCounts]:
        """The newest counts of every sealed window that has any."""
        keys = [window_key(self.session_id, window) for window in self.known.sealed_windows]
        found = [self.counts.get(key) for key in keys]
        return [counts for counts in found if counts is not None]

    @property
    def shown(self) -> list[WindowCounts]:
        """The counts of the generation that people see, before any verdict."""
        totals = self.known.totals
        if totals is None:
            return []
        found = [window.of(totals.generation) for window in self.windows]
        return [counts for counts in found if counts is not None]


def load(store: Store, event: Event) -> Credits | None:
    """Returns the state of the event's session. Counts are read when they are asked for."""
    if not isinstance(event, SessionEvent):
        return None
    counts = view_of(store, WindowCounts)
    return Credits(event.session_id, store.get(event.session_id, Ledger), counts)


def save(store: Store, before: Credits, after: Credits) -> None:
    """Writes the differences. Nothing of a window stays when the session is erased."""
    store.set(after.session_id, after.ledger)
    if not after.known.erased:
        after.counts.save(store)
        return
    for window in before.known.sealed_windows:
        store.delete(window_key(after.session_id, window))


def window_key(session_id: SessionId, window: int) -> str:
    """Returns the table key of one window's counts."""
    return f"{session_id}/{window}"
