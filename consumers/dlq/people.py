"""People who left since they asked for something: a letter about that is not sent back.

The folds have released all that was theirs. They would take the request for a new one, and it would
hold until the next look at people who left.
"""

from collections.abc import Callable, Sequence

from adapters.kafka.fuse import NAMES_A_PERSON
from adapters.warehouse import Number, Queries
from consumers.dlq.letters import Letter
from schemas import topics
from schemas.claim_events import ForgetRequested, ReleaseRequested
from schemas.codec import decode
from schemas.event import Event
from schemas.people_events import GroupAction, GroupChangeRequested
from schemas.rejections import Rejected
from schemas.session_requests import EraseRequested
from schemas.topics import BY_NAME

OF_PEOPLE = (topics.INBOUND, topics.CLAIMS_REQUESTED, topics.GROUPS_REQUESTED)
"""Topics with what people do and ask for. The fold of the users knows who left."""
TAKES_AWAY = ForgetRequested | EraseRequested | ReleaseRequested
ENDS = {GroupAction.ERASE_MEMBER, GroupAction.LEAVE, GroupAction.REMOVE}
LEFT = """
SELECT toUnixTimestamp64Milli(max(until)) AS n FROM erased_users
WHERE user_id IN {users:Array(String)}
"""
"""Of nobody who left: the beginning of Unix time."""
LeftMs = Callable[[Sequence[str]], int]
"""When one of these people last asked to be erased, Unix milliseconds; 0 for never."""


def left_ms(warehouse: Queries, users: Sequence[str]) -> int:
    """As the warehouse has it, for as long as a message can come back. Blocking."""
    [left] = warehouse.query(LEFT, {"users": users}, row=Number)
    return left.n


def refuse_of_who_left(letter: Letter, left: LeftMs) -> None:
    """Raises ValueError for a letter about what was asked before its maker, or its user, left.

    `left` is not asked for a letter that names nobody, or that takes something of theirs away.
    """
    event = _asked(letter)
    users = _named(event)
    if event is not None and users and event.occurred_at_ms < left(users):
        raise ValueError("somebody whom it names erased everything since: it is not sent")


def _asked(letter: Letter) -> Event | None:
    topic = BY_NAME.get(letter.topic)
    if topic not in OF_PEOPLE:
        return None
    try:
        return decode(topic, letter.value)
    except Rejected:
        return None  # no fold takes it either


def _named(event: Event | None) -> Sequence[str]:
    if isinstance(event, TAKES_AWAY):
        return ()
    if isinstance(event, GroupChangeRequested) and event.action in ENDS:
        return ()
    people = [getattr(event, name, None) for name in NAMES_A_PERSON]
    return [one for one in people if one]
