"""A talk over the end of a day: the day that has its talk time is one on which somebody talked."""

from typing import Any

from msgspec.structs import replace

from api.wrapped.day_credits import day_credits
from api.wrapped.rows import VoiceRow
from consumers.sink import word_rows
from schemas.event import Event
from schemas.ids import SpeakerLabel
from schemas.word_events import WordsCounted
from tests.credit_history import claim, counted, generation, run

FIRST = "2026-11-22"
"""The day before that of the other windows."""
S1 = SpeakerLabel("S1")
S2 = SpeakerLabel("S2")


def told(number: int, spoken: dict[SpeakerLabel, int]) -> list[Event]:
    """A generation whose first window is of the day before, and has these words."""
    window = replace(counted(0, number), event_id="", day=FIRST, rows=(), spoken=spoken)
    return [
        window if isinstance(event, WordsCounted) and event.window == 0 else event
        for event in generation(number)
    ]


def credited(events: list[Event]) -> tuple[Any, Any]:
    """The claimed voice as the tables have it in the end: by day, and for a Wrapped."""
    days: dict[object, tuple[Any, ...]] = {}
    voice: dict[str, Any] = {}
    for event in run(events):
        for table, row in word_rows.rows_of(event):
            if table == "user_days":
                days[row["day"]] = (row["words"], row["spoken"], row["talk_ms"])
            else:
                voice = {**row}
    names = VoiceRow.__struct_fields__
    found = day_credits([VoiceRow(**{name: voice[name] for name in names})])
    rows = {day: row for day, row in days.items() if any(row)}
    return rows, [(one.day, one.count, one.spoken, one.talk_ms) for one in found]


def test_numbers_do_not_depend_on_when_a_voice_was_claimed() -> None:
    """A merge or a recount takes the words of the first day away. Its talk time goes as well.

    Before, whoever had claimed the voice by then was still active on that day.
    """
    before = told(1, {S1: 10, S2: 20})
    after = told(2, {S2: 30})
    early = credited([*before, claim("r", "S1", "ann"), *after])
    late = credited([*before, *after, claim("r", "S1", "ann")])
    assert early == late
