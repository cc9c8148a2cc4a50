"""People who left, and what a replay or a late writer brought back of them.

A replay brings rows back by the sink, and claims, memberships and sessions by the folds.
"""

from collections.abc import Sequence

from adapters.erasure.erasable_rows import Mutation
from adapters.kafka.publisher import PublishEvents
from adapters.process.clock import Clock, Every
from adapters.warehouse import Statements, TypedRow
from consumers.erasure import user_releases
from consumers.erasure.going_rows import THEIR_VOICE
from consumers.erasure.user_erasure import Named, erase_again, forget_statements
from consumers.erasure.user_releases import THEIRS, UNTIL
from schemas.ids import UserId, derived_id
from schemas.limits import DAY_MS, HOUR_MS
from schemas.people_events import UserErased
from schemas.retention import MARKS_MS

LOOK_MS = DAY_MS
"""Time between two looks for everybody."""
LATELY_MS = 3 * HOUR_MS
"""So long after somebody left they are looked for whenever the house is kept.

A worker that was paused, and that others have taken the work of, writes late by minutes.
"""
AT_ONCE = 250
"""People of one question: its parameters travel in the address, whose length is limited."""
SURE_MS = DAY_MS
"""Everything that somebody did so long ago is in the warehouse."""
MARK = f"""
INSERT INTO erased_users (user_id, until, erased_at)
SELECT {{user:String}}, {UNTIL},
    fromUnixTimestamp64Milli({{now_ms:Int64}})
"""
FORGET = Mutation(
    "erased_users", "DELETE", "erased_at < fromUnixTimestamp64Milli({before_ms:Int64})"
)
MARKED = """
SELECT user_id, toUnixTimestamp64Milli(until) AS until_ms FROM erased_users FINAL
WHERE erased_at >= fromUnixTimestamp64Milli({since_ms:Int64}) ORDER BY user_id
"""
HERE = f"""
SELECT DISTINCT person FROM (
    SELECT owner AS person FROM sessions FINAL WHERE owner {THEIRS} AND state != 'erased'
    UNION ALL
    SELECT user_id FROM users WHERE user_id {THEIRS}
    UNION ALL
    SELECT user_id FROM group_members WHERE user_id {THEIRS}
    UNION ALL
    SELECT claimed_by FROM claims FINAL WHERE claimed_by {THEIRS}
    UNION ALL
    SELECT user_id FROM claims FINAL WHERE user_id {THEIRS} AND {THEIR_VOICE})
"""  # noqa: S608
"""Those who came back, or of whom something came back. Nobody else did anything since they left.

Others may still have tagged them: what names them goes then, whenever it was said.
"""


class Marked(TypedRow, frozen=True, kw_only=True):
    """A person who left, and when they asked for it, Unix milliseconds."""

    user_id: UserId
    until_ms: int


class ErasedPeople:
    """Looks for rows of theirs, at first each hour, until no message can come back."""

    def __init__(
        self,
        warehouse: Statements,
        clock: Clock,
        publish: PublishEvents,
    ) -> None:
        self._warehouse = warehouse
        self._clock = clock
        self._publish = publish
        self._looks = Every(LOOK_MS)
        self._is_whole = False

    def mark(self, event: UserErased) -> None:
        """Remember to look for this person. Blocking; repeatable.

        The mark is of now, or of the request when a clock that is behind would make it older.
        """
        values = {
            "user": event.user_id,
            "until_ms": event.occurred_at_ms,
            "now_ms": max(self._clock(), event.occurred_at_ms),
        }
        self._warehouse.command(MARK, values)

    def look(self, now_ms: int) -> None:
        """Remove what came back of those who left lately; once a day, of everybody.

        Then go marks that are old at this Unix time. Blocking.
        """
        was_whole = self._is_whole
        if not self._looks.is_due(now_ms):
            self._look_for_those_since(now_ms - LATELY_MS, now_ms)
            self._is_whole = was_whole
            return
        values = {"before_ms": now_ms - MARKS_MS}
        people = self._look_for_those_since(now_ms - MARKS_MS, now_ms)
        if people and not was_whole:
            forget_statements(self._warehouse)
        self._is_whole = True
        FORGET.run_if_any(self._warehouse, values)
        self._looks.mark(now_ms)

    def _look_for_those_since(self, since_ms: int, now_ms: int) -> Sequence[Marked]:
        """Those who were erased since then.

        A look that does not come to its end, also of a process before this one, may leave
        statements behind. Another one finds no rows for which it would look after them.
        """
        people = self._warehouse.query(MARKED, {"since_ms": since_ms}, row=Marked)
        self._is_whole = False
        for start in range(0, len(people), AT_ONCE):
            self._look_at(people[start : start + AT_ONCE], now_ms)
        return people

    def _look_at(self, people: Sequence[Marked], now_ms: int) -> None:
        """Ask the folds to release what they took of a request that was sent back, then erase.

        They would bring its rows back for ever. The requests are new: the folds remember others.
        """
        users = [person.user_id for person in people]
        found = self._warehouse.query(HERE, {"users": users}, row=Named)
        are_here = {row.person for row in found}
        here = [_again(one, one.until_ms, now_ms) for one in people if one.user_id in are_here]
        away = [
            _again(one, max(one.until_ms, now_ms - SURE_MS), now_ms)
            for one in people
            if one.user_id not in are_here
        ]
        asked = user_releases.requests(self._warehouse, here, away)
        if asked:
            self._publish(asked)
        erase_again(self._warehouse, [*here, *away])


def _again(person: Marked, until_ms: int, now_ms: int) -> UserErased:
    look = derived_id("LookedFor", person.user_id, now_ms)
    return UserErased(occurred_at_ms=until_ms, user_id=person.user_id, request_id=look)
