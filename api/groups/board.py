"""Pure: the board of a group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.http.problems import not_found
from api.figures import rate
from api.groups.models import MemberPlace, OwnPlace
from api.groups.ranking import percentile, ranked
from api.groups.rows import MemberRow, MemberTotalRow
from schemas.ids import UserId


@dataclass(frozen=True)
class _Member:
    user_id: UserId
    display_name: str
    counts: int
    words_spoken: int


def board(members: Iterable[MemberRow], totals: Iterable[MemberTotalRow]) -> list[MemberPlace]:
    """Every member with a place, also those who said nothing."""
    by_user = {row.user_id: row for row in totals}
    counted = []
    for member in members:
        total = by_user.get(member.user_id)
        counted.append(_member(member, total))
    places = ranked(counted)
    return [_place(rank, member) for rank, member in places]


def _member(member: MemberRow, total: MemberTotalRow | None) -> _Member:
    return _Member(
        user_id=member.user_id,
        display_name=member.display_name,
        counts=total.total if total else 0,
        words_spoken=total.words_spoken if total else 0,
    )


def _place(rank: int, member: _Member) -> MemberPlace:
    return MemberPlace(
        rank=rank,
        user_id=member.user_id,
        display_name=member.display_name,
        counts=member.counts,
        words_spoken=member.words_spoken,
        rate_per_1000=rate(member.counts, member.words_spoken),
    )


def own_place(places: Sequence[MemberPlace], user: UserId) -> OwnPlace:
    """The user's place among the others. HttpProblem 404 for somebody who just left."""
    own = next((place for place in places if place.user_id == user), None)
    if own is None:
        raise not_found("group")
    others = [place.counts for place in places if place.user_id != user]
    return OwnPlace(
        rank=own.rank,
        counts=own.counts,
        percentile=percentile(own.counts, others),
    )
