"""Pure: the conditions by which a row of a person goes, for one person and for many (ADR 14)."""

from typing import NamedTuple

from consumers.erasure.user_releases import THEIRS, UNTIL
from schemas.erasure import Unless


class Whom(NamedTuple):
    """The people that a statement is about, as its SQL names them.

    `person` and `until`: one of them, and the time of their request. `theirs`: a comparison with
    all of them. `times`: a join of rows with `user_id` that gives `until`.
    """

    person: str
    until: str
    theirs: str
    times: str


ONE = Whom("{user:String}", UNTIL, "= {user:String}", "")
"""The person of `user_releases.values_of`."""
MANY = Whom("person", "until", THEIRS, "INNER JOIN gone ON user_id = person")
"""Those of `user_releases.values_of_all`, in a statement that has `GONE` and their `person`."""
THEIR_VOICE = "kind IN ('self', 'user')"
"""Of a claim with their id. A tag has it too, and waits for their answer."""


def conditions(whom: Whom, before: str | None, unless: Unless | None) -> list[str]:
    """SQL of what must hold for a row that is the person's. `before` and `unless`: of a rule."""
    found: list[str] = []
    if before is not None:
        found.append(f"{before} <= {whom.until}")
    if unless is not None:
        found.append(_is_none_of(whom, unless))
    return found


def _is_none_of(whom: Whom, unless: Unless) -> str:
    """The row is none of those that the person keeps."""
    match unless:
        case Unless.CLAIMED:
            kept = ("session_id, speaker", "claims FINAL", THEIR_VOICE)
        case Unless.PRESENT:
            kept = ("session_id", "claims FINAL", THEIR_VOICE)
        case Unless.MEMBER:
            members = f"group_members FINAL {whom.times}"
            kept = ("group_id", members, f"role != '' AND joined_at > {whom.until}")
    columns, rows, holds = kept
    return f"""({whom.person}, {columns}) NOT IN (
        SELECT user_id, {columns} FROM {rows}
        WHERE user_id {whom.theirs} AND {holds})"""  # noqa: S608 - names of our own tables
