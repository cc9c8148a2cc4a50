"""`lahstats benchmark throughput`: how fast each stage works on this machine, in one run.

Of the sink: the rate at which it drains what waits, and how soon a word can be queried.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from operator import itemgetter

from rich.console import Console

from adapters.warehouse import Warehouse
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from deploy.benchmark.dialogues import dialogue
from deploy.benchmark.event_load import Sent, counted, drained, publish
from deploy.benchmark.reports import percentile
from deploy.demo import playback
from deploy.devstack.running_stack import RECORDINGS, RunningStack, scratch_stack
from deploy.table_printer import markdown as table
from schemas import stages, topics

LENGTHS_S = (60, 180, 600)
PACE = 2.0
"""Twice real time: the models of this machine keep up, so that nothing waits at the end."""
MEASUREMENTS = ("speech", "sink", "freshness")


EVENTS = 40_000
ROWS_EACH = 25
BARE_EVENTS = 8_000
"""Events whose rows are inserted without the sink, for comparison."""
ROWS_AN_INSERT = 100_000
WORDS = 200
APART_S = 0.25
POLL_S = 0.02
LAST_WAIT_S = 30
DAY = "2031-05-05"
"""A day without other words."""
IN_FACTS = """
SELECT DISTINCT word FROM word_events
WHERE day = toDate({day:String}) AND word IN {words:Array(String)}
"""
IN_ROLLUP = """
SELECT word FROM word_daily FINAL
WHERE day = toDate({day:String}) AND word IN {words:Array(String)} AND count > 0
"""


@dataclass(frozen=True)
class Measurement:
    """A subject, its figure with the unit, and how it was measured."""

    subject: str
    value: str
    how: str


def measure(wanted: Sequence[str]) -> Iterator[Measurement]:
    """Yield one measurement after the other; `wanted` names some of MEASUREMENTS, empty means all.

    Blocks for about ten minutes on two cores. Starts a stack of its own and stops it at the end.
    """
    functions = (speech, sink, freshness)
    with scratch_stack("throughput") as stack:
        for name, function in zip(MEASUREMENTS, functions, strict=True):
            if not wanted or name in wanted:
                yield from function(stack)


def speech(stack: RunningStack) -> list[Measurement]:
    """Return times from stop to statistics at a steady pace, and the RTF of the model stages."""
    waits = [_stop_to_stats(stack, seconds) for seconds in LENGTHS_S]
    return [_rtf(stack, "transcribe"), _rtf(stack, "diarize"), *waits]


def _stop_to_stats(stack: RunningStack, seconds: int) -> Measurement:
    audio = dialogue(RECORDINGS, seconds, stack.settings.data_dir)
    played = playback.play(stack.settings, audio, PACE, Console(quiet=True))
    how = f"{seconds} s of dialogue in 30 s chunks at {PACE:.0f}x real time, one worker a stage"
    subject = f"stop to stats, {seconds // 60} min"
    return Measurement(subject, f"{played.stop_to_stats_s:.1f} s", how)


def _rtf(stack: RunningStack, stage: str) -> Measurement:
    metrics = stack.metrics(stage)
    work_s = metrics[f'lahstats_work_seconds_sum{{stage="{stage}"}}']
    audio_s = metrics[f'lahstats_audio_seconds_total{{stage="{stage}"}}']
    spent = f"{work_s:.0f} s of work for {audio_s:.0f} s of windows"
    how = f"{spent}, one thread, both stages at once"
    return Measurement(f"RTF of {stage}", f"{work_s / audio_s:.3f}", how)


def sink(stack: RunningStack) -> list[Measurement]:
    """Return the rate for a million rows that wait, beside that of a bare insert of such rows."""
    stack.stack.supervisor.stop(["streams"])
    events: list[Sent] = [(topics.COUNTED, counted(["lah"] * ROWS_EACH)) for _ in range(EVENTS)]
    rows = EVENTS * ROWS_EACH
    through_sink = rows / drained(stack, events, stages.SINK)
    bare = BARE_EVENTS * ROWS_EACH / _insert_bare(stack, events[:BARE_EVENTS])
    how = f"{rows} rows of {EVENTS} events, topic to acknowledged by ClickHouse, fsync on"
    bare_how = (
        "some of these rows, ready made, by the same client into the same table, "
        "100,000 an insert: nothing read, decoded or committed"
    )
    return [
        Measurement("sink", f"{through_sink:.0f} rows/s", how),
        Measurement("a bare insert", f"{bare:.0f} rows/s", bare_how),
        Measurement("sink to a bare insert", f"{through_sink / bare:.2f}", "both of this run"),
    ]


def _insert_bare(stack: RunningStack, events: Sequence[Sent]) -> float:
    """Return the seconds that the inserts take."""
    warehouse = Warehouse(stack.settings)
    found = []
    for offset, (topic, event) in enumerate(events):
        record = Record(topic, 0, offset, event)
        found += [row for table, row in rows_of(record) if table == "word_events"]
    columns = sorted(found[0])
    rows = list(map(itemgetter(*columns), found))
    began = time.perf_counter()
    for start in range(0, len(rows), ROWS_AN_INSERT):
        warehouse.insert(
            "word_events",
            columns,
            rows[start : start + ROWS_AN_INSERT],
        )
    return time.perf_counter() - began


def freshness(stack: RunningStack) -> list[Measurement]:
    """Return the time from a count on its topic to a row that can be queried, at low load."""
    watch = _Watch(Warehouse(stack.settings))
    for n in range(WORDS):
        word = f"word{n}"
        publish(stack, [(topics.COUNTED, counted([word], DAY))])
        watch.sent_at[word] = time.perf_counter()
        watch.look(APART_S)
    deadline = time.perf_counter() + LAST_WAIT_S
    while not watch.is_done() and time.perf_counter() < deadline:
        watch.look(POLL_S)
    facts = _measurement("facts", watch.waits[IN_FACTS])
    return [facts, _measurement("the day's rollup", watch.waits[IN_ROLLUP])]


class _Watch:
    """When words were sent, and by query how long each took to be found."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self.sent_at: dict[str, float] = {}
        self.waits: dict[str, dict[str, float]] = {IN_FACTS: {}, IN_ROLLUP: {}}

    def look(self, for_s: float) -> None:
        """Query again and again for `for_s` seconds."""
        deadline = time.perf_counter() + for_s
        while time.perf_counter() < deadline:
            for query, waits in self.waits.items():
                self._look(query, waits)
            time.sleep(POLL_S)

    def _look(self, query: str, waits: dict[str, float]) -> None:
        words = [word for word in self.sent_at if word not in waits]
        if not words:
            return
        for row in self._warehouse.query(query, {"day": DAY, "words": words}):
            word = row["word"]
            waits[word] = time.perf_counter() - self.sent_at[word]

    def is_done(self) -> bool:
        """Whether every word was found by every query."""
        return all(len(waits) == WORDS for waits in self.waits.values())


def _measurement(place: str, waits: dict[str, float]) -> Measurement:
    if len(waits) < WORDS:
        raise RuntimeError(f"{WORDS - len(waits)} of {WORDS} words never came to {place}")
    times_ms = [1000 * seconds for seconds in waits.values()]
    p50 = percentile(times_ms, 50)
    p95 = percentile(times_ms, 95)
    worst = max(times_ms)
    value = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, worst {worst:.0f} ms"
    how = f"{WORDS} counts, one every {APART_S} s, from the broker's acknowledgement"
    return Measurement(f"count to {place}", value, how)


def markdown(found: Sequence[Measurement]) -> list[str]:
    """Return the lines of a Markdown table."""
    return table(("subject", "value", "how"), (astuple(one) for one in found))
