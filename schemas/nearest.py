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
    """Return the place in `wanted` -> the place in `there`. Each place is in one pair at most.

    A pair has one name and is at most `within_ms` apart. There are as many pairs as there can be,
    and they are as near as they can be, all together: where all moments come later by the same,
    each has its own again. The pairs of a name are in the order of their moments. Of choices that
    are equal, the one with pairs that are earlier in `wanted`, then in `there`.
    """
    others = _by_name(there)
    pairs: dict[int, int] = {}
    for name, moments in _by_name(wanted).items():
        pairs |= _best(moments, others.get(name, []), within_ms).pairs()
    return pairs


def _by_name(moments: Sequence[Named]) -> dict[Hashable, list[_Placed]]:
    found: defaultdict[Hashable, list[_Placed]] = defaultdict(list)
    for place, (name, at_ms) in enumerate(moments):
        found[name].append(_Placed(at_ms, place))
    return {name: sorted(placed) for name, placed in found.items()}


class _Score(NamedTuple):
    """The number of pairs, then sums that are less in a better choice, with a minus.

    `apart_ms`: how far the two of a pair are apart. `wanted` and `there`: their places.
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
            one, other = choice.pair
            found[one] = other
            choice = choice.before
        return found


class _Row(NamedTuple):
    """The best choices for some of the wanted moments, by how many are there: `first` and more."""

    first: int
    choices: Sequence[_Choice]

    def of(self, number: int) -> _Choice:
        """Return the best choice. Moments beyond the row are too late for any of the wanted."""
        return self.choices[min(number - self.first, len(self.choices) - 1)]


def _best(wanted: Sequence[_Placed], there: Sequence[_Placed], within_ms: int) -> _Choice:
    """Return the best choice of pairs of two sorted lists.

    One wanted moment after the other is looked at beside those that are near enough: a word that is
    said all the time costs no more than its number.
    """
    moments = [one.at_ms for one in there]
    former = _Row(0, [_Choice()])
    for one in wanted:
        first = bisect_left(moments, one.at_ms - within_ms)
        last = bisect_right(moments, one.at_ms + within_ms)
        choices = [former.of(first)]
        for number in range(first, last):
            paired = former.of(number).and_pair(one, there[number])
            choices.append(max(former.of(number + 1), choices[-1], paired, key=_score))
        former = _Row(first, choices)
    return former.choices[-1]


def _score(choice: _Choice) -> _Score:
    return choice.score
