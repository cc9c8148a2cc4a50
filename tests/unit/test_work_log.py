"""The line of a batch: ids of sessions, windows and sizes of any event; nothing of people."""

import pytest
from structlog.testing import capture_logs

from adapters.process import work_log
from schemas.event import Event, SessionEvent
from tests.golden import EXAMPLES, NAMES

ALLOWED = {"event", "log_level", "stage", "messages", "events", "sessions", "ms"}


@pytest.mark.parametrize("event", [event for _, event in EXAMPLES], ids=NAMES)
def test_a_line_holds_ids_and_sizes_alone(event: Event) -> None:
    with capture_logs() as lines:
        work_log.batch_done("probe", [event], 3, 0.25)
    [line] = lines
    assert set(line) - ALLOWED <= set(work_log.WINDOW)
    assert all(isinstance(line[name], int) for name in set(line) - ALLOWED)
    assert (line["messages"], line["ms"]) == (3, 250.0)
    assert line["events"] == {type(event).__name__: 1}
    expected = [event.session_id] if isinstance(event, SessionEvent) else []
    assert line["sessions"] == expected


def test_the_line_of_a_window_names_it() -> None:
    [window] = [event for _, event in EXAMPLES if type(event).__name__ == "WindowReady"]
    with capture_logs() as lines:
        work_log.batch_done("transcribe", [window], 1, 2.0)
    assert {"window", "revision", "start_ms", "end_ms"} <= set(lines[0])


def test_many_sessions_are_named_in_part() -> None:
    [window] = [event for _, event in EXAMPLES if type(event).__name__ == "WindowReady"]
    with capture_logs() as lines:
        work_log.batch_done("sink", [window, window], 2, 0.0)
        work_log.micro_batch_done("users", 500, 7, 3, 0.01)
    assert lines[0]["events"] == {"WindowReady": 2}
    assert len(lines[0]["sessions"]) == 1
    assert (lines[1]["messages"], lines[1]["outputs"], lines[1]["writes"]) == (500, 7, 3)
