"""The dashboards as data: queries, how they are drawn, and what they mean."""

from dataclasses import dataclass

SOURCE = "${source}"
METRICS = "${metrics}"
"""Data sources are chosen by a variable: the same files serve every installation."""


@dataclass(frozen=True)
class Panel:
    """One query, in SQL or PromQL. `unit` is Grafana's name of it; `kind` is how it is drawn."""

    title: str
    what: str
    kind: str
    query: str
    unit: str = "short"
    width: int = 12
    height: int = 8
    promql: bool = False


@dataclass(frozen=True)
class Board:
    """A page of panels; `choices` are variables of its own: name, and a query for their values.

    `time_zone`: a day has no time, and Grafana takes it for midnight UTC. West of there it would
    be drawn on the evening before.
    """

    uid: str
    title: str
    panels: tuple[Panel, ...]
    choices: tuple[tuple[str, str], ...] = ()
    time_zone: str = "browser"


CHOSEN = (
    "$__dateFilter(day) AND word IN (${word:singlequote}) AND category IN (${category:singlequote})"
)
"""Rows of the words, categories and days that are chosen on the page."""


def _metric(title: str, what: str, query: str, unit: str = "short") -> Panel:
    return Panel(title, what, "timeseries", query, unit=unit, promql=True)


WORDS = Board(
    uid="lahstats-words",
    title="Word trends",
    time_zone="utc",
    choices=(
        ("category", "SELECT DISTINCT category FROM word_trends ORDER BY category"),
        ("word", "SELECT word FROM word_trends GROUP BY word ORDER BY sum(counts) DESC"),
    ),
    panels=(
        Panel(
            "Counts a day",
            "How often each chosen word was said, by the session's own day.",
            "timeseries",
            f"SELECT day AS time, word, counts FROM word_trends WHERE {CHOSEN} ORDER BY day, word",
        ),
        Panel(
            "Rate",
            "Counts of each chosen word per 1,000 recognised words of that day: "
            "a busy day does not look like a trend. Days of fewer than 500 words have none.",
            "timeseries",
            "SELECT day AS time, word, rate_per_1000 FROM word_trends "
            f"WHERE {CHOSEN} AND rate_per_1000 IS NOT NULL ORDER BY day, word",
        ),
        Panel(
            "Most said",
            "The chosen words by their counts in the time shown.",
            "barchart",
            f"SELECT word, sum(counts) AS counts FROM word_trends WHERE {CHOSEN} "
            "GROUP BY word ORDER BY counts DESC, word LIMIT 15",
        ),
        Panel(
            "Movers",
            "Counts of the last seven days in the time shown, and their change from those before.",
            "table",
            f"""
WITH said AS (
    SELECT day, word, counts AS n FROM word_trends WHERE {CHOSEN}
), (SELECT max(day) FROM said) AS last_day
SELECT word, sumIf(n, day > last_day - 7) AS counts,
       counts - sumIf(n, day <= last_day - 7) AS change
FROM said WHERE day > last_day - 14
GROUP BY word ORDER BY abs(change) DESC, word LIMIT 15
""",
        ),
        Panel(
            "People and sessions",
            "People and sessions of a day. Days of fewer than five people are not shown.",
            "timeseries",
            "SELECT day AS time, people, sessions FROM sessions_overview "
            "WHERE $__dateFilter(day) ORDER BY day",
        ),
        Panel(
            "Words spoken",
            "All recognised words of a day: the rates are taken of them.",
            "timeseries",
            "SELECT day AS time, words_spoken FROM sessions_overview "
            "WHERE $__dateFilter(day) ORDER BY day",
        ),
    ),
)

HEALTH = Board(
    uid="lahstats-health",
    title="Pipeline health",
    panels=(
        Panel(
            "Sessions by state",
            "All sessions by their state. A growing number in processing means too few workers.",
            "barchart",
            "SELECT part AS state, sum(value) AS sessions FROM pipeline_health "
            "WHERE what = 'sessions' GROUP BY state ORDER BY sessions DESC, state",
        ),
        _metric(
            "Ready processes",
            "Processes that can do their work now. One that is not scraped is missing here.",
            "sum by (job) (lahstats_ready)",
        ),
        _metric(
            "Messages handled",
            "Messages a second whose outcome was committed, by stage.",
            "sum by (stage) (rate(lahstats_events_handled_total[$__rate_interval]))",
            unit="cps",
        ),
        _metric(
            "Work a batch",
            "95th percentile of the seconds that a batch takes, by stage. "
            "A batch of a model stage holds the windows that its model takes at once.",
            "histogram_quantile(0.95, "
            "sum by (stage, le) (rate(lahstats_work_seconds_bucket[$__rate_interval])))",
            unit="s",
        ),
        _metric(
            "Messages that wait",
            "Messages that wait for a stage: live ones, and windows of sessions that catch up.",
            "max by (stage, kind) (lahstats_messages_waiting)",
        ),
        _metric(
            "Audio worked through",
            "Seconds of audio a second, by model stage: what the workers can keep up with.",
            "sum by (stage) (rate(lahstats_audio_seconds_total[$__rate_interval]))",
            unit="none",
        ),
        Panel(
            "Cost of an hour",
            "Seconds of one worker for an hour of audio; months in which five people or more "
            "recorded.",
            "table",
            "SELECT month, stage, model, seconds_per_hour FROM stage_costs "
            "ORDER BY month DESC, stage, model",
        ),
        _metric(
            "Rows written",
            "Rows a second that the warehouse acknowledged, by table.",
            "sum by (table) (rate(lahstats_rows_written_total[$__rate_interval]))",
            unit="cps",
        ),
        _metric(
            "Uploads",
            "Answers to chunk uploads a second, by status; 200 is a chunk that came again.",
            "sum by (status) (rate(lahstats_chunks_answered_total[$__rate_interval]))",
            unit="reqps",
        ),
        _metric(
            "Dead letters now",
            "Messages that were rejected in the last hour, by stage and reason. "
            "`lahstats dlq list` shows each.",
            "sum by (stage, reason) (increase(lahstats_dead_letters_total[1h]))",
        ),
        Panel(
            "Dead letters kept",
            "Messages that were rejected and not sent back, by stage and reason. Each belongs to "
            "a session, whose owner is told.",
            "table",
            "SELECT part AS stage, detail AS reason, value AS messages, latest "
            "FROM pipeline_health WHERE what = 'dead letters' "
            "ORDER BY messages DESC, stage, reason",
        ),
    ),
)

BOARDS = (WORDS, HEALTH)
CHANGES = (
    "SELECT time, concat(what, ': ', name) AS text FROM changes "
    "WHERE $__timeFilter(time) ORDER BY time, text"
)
"""Drawn over every panel: a new lexicon or a new model changes counts without other talk."""
