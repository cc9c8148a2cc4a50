"""Pure: a group's Wrapped."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from api.groups.awards import HOW as HOW_AWARDS
from api.groups.awards import HOW_GUESS, awards, guesses
from api.groups.models import GroupChange, MemberPlace
from api.groups.rows import GroupTotalsRow, MemberWordRow
from api.groups.story_models import (
    GroupCards,
    GroupStory,
    GroupTopWord,
    GroupTotals,
    KnownFor,
    MissingCounts,
)
from api.wrapped.log_odds import most_telling
from api.wrapped.models import LEAST_COUNTS
from schemas.ids import UserId

MOST_WORDS = 10
MOST_KNOWN = 10
HOW = {
    "totals": (
        "Words credited to people in the group's sessions, on the days they were said. "
        "Guests and unclaimed voices are left out."
    ),
    "top_words": "Equal ones in the order of the alphabet.",
    "board": "Members by their counts in the group's sessions; equal counts share a place.",
    "known_for": (
        "The word that somebody says more than chance would have them say it, "
        "against the rest of the group."
    ),
    "awards": HOW_AWARDS,
    "guesses": HOW_GUESS,
}


@dataclass(frozen=True)
class GroupNumbers:
    """Everything that a group's Wrapped is made of.

    `words`: counts by word, most first. `before`: totals of the period before; None where none can
    be before.
    """

    totals: GroupTotalsRow
    before: GroupTotalsRow | None
    words: Mapping[str, int]
    member_words: Sequence[MemberWordRow]
    board: Sequence[MemberPlace]
    emoji: Mapping[str, str]
    categories: Mapping[str, str]


def group_story(numbers: GroupNumbers) -> GroupStory:
    """The cards; the same shape for a group with too few counts."""
    counts = numbers.totals.counts
    return GroupStory(
        state="ready" if counts >= LEAST_COUNTS else "warming_up",
        missing=MissingCounts(counts=max(0, LEAST_COUNTS - counts)),
        cards=GroupCards(
            totals=_totals(numbers.totals, numbers.before),
            top_words=_top_words(numbers),
            board=list(numbers.board),
            known_for=_known_for(numbers.member_words, numbers.board),
            awards=awards(numbers.member_words, numbers.board, numbers.categories),
            guesses=guesses(numbers.member_words, numbers.board, numbers.words, numbers.emoji),
        ),
        how=HOW,
    )


def _totals(now: GroupTotalsRow, before: GroupTotalsRow | None) -> GroupTotals:
    change = None
    if before and before.words_spoken:
        change = GroupChange(
            counts=now.counts - before.counts,
            words_spoken=now.words_spoken - before.words_spoken,
        )
    return GroupTotals(
        counts=now.counts,
        words_spoken=now.words_spoken,
        rate_per_1000=now.rate_per_1000,
        talk_s=now.talk_s,
        sessions=now.sessions,
        days=now.days,
        people=now.people,
        change=change,
    )


def _top_words(numbers: GroupNumbers) -> list[GroupTopWord]:
    # Not that of the totals, which were asked for a moment earlier.
    counts = sum(numbers.words.values())
    return [
        GroupTopWord(
            word=word,
            emoji=numbers.emoji.get(word, ""),
            count=count,
            share=round(count / counts, 4),
        )
        for word, count in islice(numbers.words.items(), MOST_WORDS)
    ]


def _known_for(rows: Iterable[MemberWordRow], board: Iterable[MemberPlace]) -> list[KnownFor]:
    names = {place.user_id: place.display_name for place in board}
    by_user: dict[UserId, dict[str, int]] = defaultdict(dict)
    everyone: Counter[str] = Counter()
    for row in rows:
        by_user[row.user_id][row.word] = row.total
        everyone[row.word] += row.total
    known: list[KnownFor] = []
    for user, name in names.items():
        best = most_telling(by_user[user], everyone)
        if best is not None:
            known.append(KnownFor(user_id=user, word=best.word, z=best.z, display_name=name))
    known.sort(key=_clearest)
    return known[:MOST_KNOWN]


def _clearest(known: KnownFor) -> tuple[float, str]:
    return -known.z, known.user_id
