"""Pure: moments of two lists that belong together, because they are near each other."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import NamedTuple

Named = tuple[Hashable, int]
"""The name of something that happened, and its moment in milliseconds."""


class _Placed(NamedTuple):
    """A moment in milliseconds, and its place in the list that it is from."""

    at_ms: int
    place: int


def nearest_pairs(
    wanted: Sequence[Named], there: Sequence[Named], within_ms: int
) -> dict[int, int]:
    """Return index in `wanted` -> index in `there`. Each index is in one pair at most.

    The two of a pair have the same name, and are at most `within_ms` apart. As many pairs are made
    as can be. Among these ways, the one is taken whose pairs are nearest, all distances summed up:
    when all moments come later by the same time, each gets its own again. The pairs of a name do
    not cross: an earlier moment has the earlier partner. When two ways are equally good, the pairs
    with lower indices in `wanted` win, then those with lower ones in `there`.
    """
    there_by_name = _by_name(there)
    pairs: dict[int, int] = {}
    for name, moments in _by_name(wanted).items():
        best = _best(moments, there_by_name.get(name, []), within_ms)
        pairs |= best.pairs()
    return pairs


def _by_name(moments: Sequence[Named]) -> dict[Hashable, list[_Placed]]:
    found: defaultdict[Hashable, list[_Placed]] = defaultdict(list)
    for place, (name, at_ms) in enumerate(moments):
        found[name].append(_Placed(at_ms, place))
    return {name: sorted(placed) for name, placed in found.items()}


class _Score(NamedTuple):
    """How good a choice of pairs is: scores are compared field by field, and the greater is better.

    `pairs`: their number. The others are sums over the pairs, negative as less is better:
    `apart_ms` of the distances, `wanted` and `there` of the indices.
    """

    pairs: int = 0
    apart_ms: int = 0
    wanted: int = 0
    there: int = 0


class _Choice(NamedTuple):
    """Pairs of the first moments of two lists. Of two choices the one of the greater score is best.

    `pair` is the last one, after those of `before`.
    """

    score: _Score = _Score()
    pair: tuple[int, int] | None = None
    before: "_Choice | None" = None

    def and_pair(self, wanted: _Placed, there: _Placed) -> "_Choice":
        """Return the choice with one pair more."""
        score = _Score(
            pairs=self.score.pairs + 1,
            apart_ms=self.score.apart_ms - abs(wanted.at_ms - there.at_ms),
            wanted=self.score.wanted - wanted.place,
            there=self.score.there - there.place,
        )
        return _Choice(score, (wanted.place, there.place), self)

    def pairs(self) -> dict[int, int]:
        """Return all pairs."""
        found: dict[int, int] = {}
        choice: _Choice | None = self
        while choice is not None and choice.pair is not None:
            wanted, there = choice.pair
            found[wanted] = there
            choice = choice.before
        return found


class _Row(NamedTuple):
    """The best choices for the first wanted moments, as they are seen one after the other.

    `choices[n]` may use the first `first + n` moments of the other list.
    """

    first: int
    choices: Sequence[_Choice]

    def of(self, number: int) -> _Choice:
        """Return the best choice that uses the first `number` moments of the other list.

        Moments beyond the row are too late for any wanted one so far: they change nothing.
        """
        last = len(self.choices) - 1
        return self.choices[min(number - self.first, last)]


def _best(wanted: Sequence[_Placed], there: Sequence[_Placed], within_ms: int) -> _Choice:
    """Return the best choice of pairs of two sorted lists, by dynamic programming.

    One wanted moment after the other is looked at beside those that are near enough: a word that is
    said all the time costs no more than its number.
    """
    moments = [placed.at_ms for placed in there]
    former = _Row(0, [_Choice()])
    for moment in wanted:
        first = bisect_left(moments, moment.at_ms - within_ms)
        last = bisect_right(moments, moment.at_ms + within_ms)
        choices = [former.of(first)]
        for number in range(first, last):
            without_moment = former.of(number + 1)
            without_other = choices[-1]
            with_both = former.of(number).and_pair(moment, there[number])
            best = max(without_moment, without_other, with_both, key=_score)
            choices.append(best)
        former = _Row(first, choices)
    return former.choices[-1]


def _score(choice: _Choice) -> _Score:
    return choice.score
