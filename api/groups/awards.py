"""Pure: awards of an evening, each with a rule over the numbers and the number that won it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from api.figures import largest, most_first, portion
from api.groups.models import MemberPlace
from api.groups.rows import MemberWordRow
from api.groups.story_models import Award, Guess, GuessPerson
from schemas.ids import UserId
from schemas.lexicon import FOOD

LEAST = 3
"""An award for one or two words would be an accident."""
LEAST_OF_ONE = 10
"""Counts from which a share of them says something."""
MOST_GUESSES = 3
MOST_PEOPLE = 4
HOW = (
    "Each award goes to the member whose number is highest, from three on. Nobody who has an award "
    "gets another while somebody without one is close behind: within half of it."
)
HOW_GUESS = "The person who said a word most in the group's talks, among those who said it."
Words = Mapping[str, int]


class Won(NamedTuple):
    """A member's number in one award, and the word that it is about."""

    number: float
    word: str = ""


@dataclass(frozen=True)
class Rule:
    """An award's id, under which the pages have its words, and a member's number in it."""

    award: str
    of: Callable[["Table", UserId], Won]


@dataclass(frozen=True)
class Table:
    """Everybody's words, most first, and their sums; places on the board; each word's category."""

    words: Mapping[UserId, Words]
    sums: Words
    places: Mapping[UserId, MemberPlace]
    category: Mapping[str, str]


def awards(
    rows: Iterable[MemberWordRow], board: Sequence[MemberPlace], category: Mapping[str, str]
) -> list[Award]:
    """Every award that somebody has earned, in the order of RULES."""
    table = _table(rows, board, category)
    held: set[UserId] = set()
    given: list[Award] = []
    for rule in RULES:
        won = {user: rule.of(table, user) for user in table.places}
        winner = _winner(won, held)
        if winner is not None:
            held.add(winner)
            given.append(_award(rule, table.places[winner], won[winner]))
    return given


def _table(
    rows: Iterable[MemberWordRow], board: Sequence[MemberPlace], category: Mapping[str, str]
) -> Table:
    words: dict[UserId, dict[str, int]] = {place.user_id: {} for place in board}
    sums: Counter[str] = Counter()
    for row in rows:
        if row.user_id in words:
            words[row.user_id][row.word] = row.total
            sums[row.word] += row.total
    return Table(words, sums, {place.user_id: place for place in board}, category)


def _winner(won: Mapping[UserId, Won], held: set[UserId]) -> UserId | None:
    """Return who gets an award; None when nobody has enough.

    It is the first one, unless that one holds another award already: then the next one without any
    who has half of the first one's number or more.
    """
    numbers = {user: one.number for user, one in won.items() if one.number >= LEAST}
    if not numbers:
        return None
    in_order = list(most_first(numbers))
    first = in_order[0]
    for user in in_order:
        is_close = 2 * numbers[user] >= numbers[first]
        if is_close and user not in held:
            return user
    return first


def _award(rule: Rule, place: MemberPlace, won: Won) -> Award:
    return Award(
        award=rule.award,
        user_id=place.user_id,
        display_name=place.display_name,
        number=won.number,
        word=won.word,
    )


def _most(table: Table, user: UserId) -> Won:
    return Won(sum(table.words[user].values()))


def _rate(table: Table, user: UserId) -> Won:
    return Won(table.places[user].rate_per_1000 or 0)


def _different(table: Table, user: UserId) -> Won:
    return Won(len(table.words[user]))


def _one_trick(table: Table, user: UserId) -> Won:
    """Per cent of all counts that are one word."""
    words = table.words[user]
    total = sum(words.values())
    if total < LEAST_OF_ONE:
        return Won(0)
    word = largest(words)
    return Won(portion(words[word], total, 100), word)


def _alone(table: Table, user: UserId) -> Won:
    """How often somebody said words that nobody else at the table said."""
    words = table.words[user]
    own = {word: count for word, count in words.items() if count == table.sums[word]}
    if not own:
        return Won(0)
    return Won(sum(own.values()), largest(own))


def _in_category(name: str) -> Callable[[Table, UserId], Won]:
    def number(table: Table, user: UserId) -> Won:
        words = table.words[user]
        said = {word: n for word, n in words.items() if table.category.get(word) == name}
        if not said:
            return Won(0)
        return Won(sum(said.values()), largest(said))

    return number


RULES = (
    Rule("most", _most),
    Rule("rate", _rate),
    Rule("different", _different),
    Rule("one_trick", _one_trick),
    Rule("alone", _alone),
    Rule("particles", _in_category("particle")),
    Rule("drama", _in_category("exclamation")),
    Rule("food", _in_category(FOOD)),
    Rule("vulgar", _in_category("vulgar")),
    Rule("action", _in_category("action")),
)


def guesses(
    rows: Iterable[MemberWordRow],
    board: Sequence[MemberPlace],
    top: Iterable[str],
    emoji: Mapping[str, str],
) -> list[Guess]:
    """Questions for the table: who says a word most. Only words that one person says most."""
    names = {place.user_id: place.display_name for place in board}
    by_word: dict[str, list[MemberWordRow]] = {}
    for row in rows:
        if row.user_id in names:
            by_word.setdefault(row.word, []).append(row)
    found: list[Guess] = []
    for word in top:
        people = sorted(by_word.get(word, []), key=lambda row: (-row.total, row.user_id))
        if len(people) > 1 and people[0].total > people[1].total:
            said = [_person(row, names) for row in people[:MOST_PEOPLE]]
            found.append(Guess(word=word, emoji=emoji.get(word, ""), people=said))
    return found[:MOST_GUESSES]


def _person(row: MemberWordRow, names: Mapping[UserId, str]) -> GuessPerson:
    return GuessPerson(
        user_id=row.user_id,
        display_name=names[row.user_id],
        count=row.total,
    )
