"""The lines that `lahstats demo` prints of a Wrapped."""

from datetime import date

import msgspec

from api.date_range import DateRange
from api.wrapped import story
from api.wrapped.input import WrappedRows, wrapped_input
from deploy.demo.api_answers import Wrapped
from deploy.demo.printout import told
from schemas.ids import UserId

DAYS = DateRange(date(2026, 3, 1), date(2026, 3, 31))
NOTHING = WrappedRows(voices=(), cohort=(), in_cohort=(), everyone=(), lexicon=())


def test_somebody_of_whom_nothing_is_counted_has_nothing_to_tell() -> None:
    """Before, the answer of the read side was none that the command could read: a traceback."""
    answer = story.wrapped(UserId("u0"), "all", wrapped_input(NOTHING, DAYS), dict)
    read = msgspec.json.decode(answer.model_dump_json(by_alias=True), type=Wrapped)
    assert told(read.cards) == "nothing to tell yet"
