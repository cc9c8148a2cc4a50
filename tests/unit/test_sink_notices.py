"""The sink tells of the rows that it wrote: their days, and whose they are."""

import pytest
from msgspec.structs import replace

from consumers.runtime.outcome import Done, Record
from consumers.sink.step import Sink
from schemas import topics
from schemas.ids import UserId
from schemas.session_events import State
from schemas.session_rows import SessionListing
from schemas.word_events import WarehouseChanged, WordsCredited
from tests.fakes import RecordedStatements
from tests.golden import example_of
from tests.reference.telling import days_named


def credited(user: str) -> WordsCredited:
    return replace(example_of(WordsCredited), user_id=UserId(user), event_id="")


@pytest.mark.parametrize(("users", "named"), [(["ann", "ann"], ("ann",)), (["ann", "ben"], ())])
def test_one_user_is_named_and_many_are_not(users: list[str], named: tuple[str, ...]) -> None:
    """Before, a batch of ten thousand people's credits was told in more than a broker takes."""
    records = [Record(topics.CREDITED, 0, n, credited(user)) for n, user in enumerate(users)]
    first, second = Sink(RecordedStatements(), lambda: 1).process(records)
    assert second == Done()
    assert isinstance(first, Done)
    [(topic, notice)] = first.events
    assert topic is topics.WAREHOUSE_CHANGED
    assert isinstance(notice, WarehouseChanged)
    assert notice.users == named
    assert set(notice.days) == set(credited("ann").days)


def days_told(**fields: object) -> set[str]:
    """The days of the notice of one listing."""
    listing = replace(example_of(SessionListing), event_id="", **fields)
    sink = Sink(RecordedStatements(), lambda: 1)
    outcomes = sink.process([Record(topics.DIRECTORY, 0, 7, listing)])
    assert all(isinstance(one, Done) for one in outcomes)
    return days_named(outcomes)


HOUR_MS = 3_600_000
EVENING_MS = 1_780_312_500_000
"""1 June 2026, 19:15 in Singapore."""


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"state": State.READY}, {"2026-06-01"}),
        ({"state": State.COMPLETED, "audio_ms": 9 * HOUR_MS}, {"2026-06-01", "2026-06-02"}),
        ({"state": State.FAILED}, {"2026-06-01"}),
        ({"state": State.RECORDING}, set()),
        ({"state": State.PROCESSING}, set()),
        ({"state": State.ERASED}, set()),
        ({"state": State.READY, "time_zone": "Nowhere/At_All"}, set()),
    ],
)
def test_the_listing_of_a_final_session_renews_its_days(
    fields: dict[str, object], days: set[str]
) -> None:
    """A voice that nobody claimed is its owner's, whom a listing names: it may come last."""
    place = {"recorded_at_ms": EVENING_MS, "time_zone": "Asia/Singapore", "audio_ms": HOUR_MS}
    assert days_told(**{**place, **fields}) == days
