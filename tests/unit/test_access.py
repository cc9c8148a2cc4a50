"""Each standing of a user in a session, and what it allows."""

from itertools import product

import pytest
from msgspec.structs import fields

from schemas.access import Act, Standing, may

RELATIONS = [field.name for field in fields(Standing)]
STANDINGS = [
    Standing(**dict(zip(RELATIONS, values, strict=True)))
    for values in product((False, True), repeat=len(RELATIONS))
]


@pytest.mark.parametrize(
    ("standing", "acts"),
    [
        (Standing(), set()),
        (Standing(recorded=True), {Act.SEE, Act.SEE_OWN, Act.CHANGE, Act.ERASE}),
        (Standing(member=True), {Act.SEE, Act.SEE_OWN, Act.CHANGE}),
        (Standing(claimed=True), {Act.SEE, Act.SEE_OWN}),
        (Standing(tagged=True), {Act.SEE_TAG}),
        (Standing(left=True), set()),
        (Standing(left=True, claimed=True), {Act.SEE_OWN}),
        (Standing(left=True, tagged=True), {Act.SEE_TAG}),
        (Standing(claimed=True, tagged=True), {Act.SEE, Act.SEE_OWN, Act.SEE_TAG}),
    ],
)
def test_what_each_standing_allows(standing: Standing, acts: set[Act]) -> None:
    assert {act for act in Act if may(standing, act)} == acts


@pytest.mark.parametrize("standing", STANDINGS, ids=str)
def test_a_tag_alone_never_opens_a_session(standing: Standing) -> None:
    """With a tag more, only the tag is seen more, in every other standing."""
    untagged = Standing(
        recorded=standing.recorded,
        member=standing.member,
        left=standing.left,
        claimed=standing.claimed,
    )
    for act in set(Act) - {Act.SEE_TAG}:
        assert may(standing, act) == may(untagged, act)


@pytest.mark.parametrize("standing", STANDINGS, ids=str)
def test_nobody_changes_or_erases_what_they_may_not_see(standing: Standing) -> None:
    if may(standing, Act.ERASE):
        assert may(standing, Act.CHANGE)
    if may(standing, Act.CHANGE):
        assert may(standing, Act.SEE)
    if may(standing, Act.SEE):
        assert may(standing, Act.SEE_OWN)
