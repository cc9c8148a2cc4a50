"""Pure: whether a homograph is said in its Singlish sense. The rules are data, in senses.toml."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from schemas.lexicon import Sense

EDGE = "|"
"""Stands for the edge of the clause in a condition. It is no token."""
PLACES = {"word": 0, "before": -1, "before_2": -2, "before_3": -3, "after": 1, "after_2": 2}
"""Conditions on the word at one place, counted from the homograph."""
EXCLUDED_PLACES = {"not_before": -1, "not_before_2": -2, "not_before_3": -3, "not_after": 1}

Words = frozenset[str]
Tokens = Sequence[str]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule as it is written in senses.toml, which explains the conditions.

    A condition that is not written always holds.
    """

    example: str
    counts: bool = True
    word: str = ""
    before: str = ""
    before_2: str = ""
    before_3: str = ""
    after: str = ""
    after_2: str = ""
    not_before: str = ""
    not_before_2: str = ""
    not_before_3: str = ""
    not_after: str = ""
    earlier: str = ""
    first: str = ""
    topic: str = ""
    least_before: int = 0
    closes: bool | None = None
    opens: bool | None = None


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file: sets of words by name, and the rules of each sense in their order."""

    sets: dict[str, str]
    rules: dict[Sense, tuple[Rule, ...]]


class Matcher:
    """One rule with its sets looked up. Raises KeyError for a set that is not declared."""

    def __init__(self, rule: Rule, sets: Mapping[str, Words]) -> None:
        self.rule = rule
        self._tags = sets["TAGS"]
        self._calls = sets["CALLS"]
        self._earlier = words_of(rule.earlier, sets)
        self._first = words_of(rule.first, sets)
        self._topic = words_of(rule.topic, sets)
        self._wanted = list(_at_places(rule, PLACES, sets))
        self._excluded = list(_at_places(rule, EXCLUDED_PLACES, sets))

    def holds(self, clause: Tokens, i: int) -> bool:
        """Returns whether all conditions hold for the word at `i` of the clause."""
        for place, words in self._wanted:
            if _at(clause, i + place) not in words:
                return False
        for place, words in self._excluded:
            if _at(clause, i + place) in words:
                return False
        return self._holds_before(clause, i) and self._holds_at_the_edges(clause, i)

    def _holds_before(self, clause: Tokens, i: int) -> bool:
        if i < self.rule.least_before:
            return False
        if self._earlier and self._earlier.isdisjoint(clause[:i]):
            return False
        if self._first and clause[0] not in self._first:
            return False
        if not self._topic:
            return True
        return self._topic_of(clause, i) in self._topic

    def _topic_of(self, clause: Tokens, i: int) -> str:
        """The first word of the clause that calls nobody, if it is two words before or more."""
        head = clause[: max(0, i - 1)]
        for token in head:
            if token not in self._calls:
                return token
        return EDGE

    def _holds_at_the_edges(self, clause: Tokens, i: int) -> bool:
        """Whether it closes the clause but for tags, and opens it but for calls, as wanted."""
        if self.rule.closes is not None:
            closes = self._tags.issuperset(clause[i + 1 :])
            if closes is not self.rule.closes:
                return False
        if self.rule.opens is None:
            return True
        opens = self._calls.issuperset(clause[:i])
        return opens is self.rule.opens


class Senses:
    """All rules, ready to be matched.

    Raises KeyError for a set that is not declared, and ValueError for a sense without rules.
    """

    def __init__(self, document: Document) -> None:
        lacking = sorted(set(Sense) - set(document.rules))
        if lacking:
            named = ", ".join(lacking)
            raise ValueError(f"streams/tally/senses.toml has no rules for the sense {named}")
        sets: dict[str, Words] = {}
        for name, words in document.sets.items():
            sets[name] = words_of(words, sets)
        self._matchers: dict[Sense, list[Matcher]] = {}
        for sense, rules in document.rules.items():
            self._matchers[sense] = [Matcher(rule, sets) for rule in rules]

    def counts(self, sense: Sense, clause: Tokens, i: int) -> bool:
        """Returns whether the word at `i` of the clause is said in this sense."""
        rule = self.deciding(sense, clause, i)
        return sense is Sense.ANY if rule is None else rule.counts

    def deciding(self, sense: Sense, clause: Tokens, i: int) -> Rule | None:
        """Returns the first rule that holds for the word at `i`; None when no rule does."""
        for matcher in self._matchers[sense]:
            if matcher.holds(clause, i):
                return matcher.rule
        return None


def words_of(written: str, sets: Mapping[str, Words]) -> Words:
    """Returns the words of a condition. A name in capitals stands for the words of that set."""
    found: set[str] = set()
    for word in written.split():
        if word.isupper():
            found.update(sets[word])
        else:
            found.add(word)
    return frozenset(found)


@cache
def document() -> Document:
    """Reads senses.toml, once in a process. Raises msgspec.ValidationError for an unknown field."""
    text = files("streams.tally").joinpath("senses.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=Document)


@cache
def shipped() -> Senses:
    """Returns the rules of senses.toml, made ready once in a process. Raises as `document` does."""
    return Senses(document())


def _at(clause: Tokens, i: int) -> str:
    return clause[i] if 0 <= i < len(clause) else EDGE


def _at_places(
    rule: Rule, places: Mapping[str, int], sets: Mapping[str, Words]
) -> Iterator[tuple[int, Words]]:
    for condition, place in places.items():
        words = words_of(getattr(rule, condition), sets)
        if words:
            yield place, words
