"""The sink tells of the rows that it wrote: their days, and whose they are."""

import pytest
from msgspec.structs import replace

from consumers.runtime.outcome import Done, Record
from consumers.sink.step import Sink
from schemas import topics
from schemas.ids import UserId
from schemas.word_events import WarehouseChanged, WordsCredited
from tests.fakes import RecordedStatements
from tests.golden import example_of


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
