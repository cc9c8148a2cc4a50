"""The dashboards as data: what is asked, how it is drawn, what it means."""

from dataclasses import dataclass

SOURCE, METRICS = "${source}", "${metrics}"
"""Data sources are chosen by a variable: the same files serve every installation."""


@dataclass(frozen=True)
class Panel:
    """One question, in SQL or PromQL. `unit` is Grafana's name of it; `kind` how it is drawn."""

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
    """A page of panels; `choices`: variables of its own, name -> query for their values."""

    uid: str
    title: str
    panels: tuple[Panel, ...]
    choices: tuple[tuple[str, str], ...] = ()


CHOSEN = (
    "$__dateFilter(day) AND word IN (${word:singlequote}) AND category IN (${category:singlequote})"
)


def _of_chosen(sql: str) -> str:
    return sql.replace("CHOSEN", CHOSEN)


def _measured(title: str, what: str, query: str, unit: str = "short") -> Panel:
    return Panel(title, what, "timeseries", query, unit=unit, promql=True)


WORDS = Board(
    uid="lahstats-words",
    title="Word trends",
    choices=(
        ("category", "SELECT DISTINCT category FROM lexicon_current ORDER BY category"),
        ("word", "SELECT word FROM word_trends GROUP BY word ORDER BY sum(counts) DESC"),
    ),
    panels=(
        Panel(
            "Counts a day", "How often each chosen word was said, by the session's own day.", "timeseries",
            _of_chosen("SELECT day AS time, word, counts FROM word_trends WHERE CHOSEN ORDER BY day, word"),
        ),
        Panel(
            "Rate", "Counts of each chosen word per 1,000 recognised words of that day, so that a busy day does not look like a trend.", "timeseries",
            _of_chosen("SELECT day AS time, word, rate_per_1000 FROM word_trends WHERE CHOSEN ORDER BY day, word"),
        ),
        Panel(
            "Most said", "The chosen words by their counts in the time shown.", "barchart",
            _of_chosen("SELECT word, sum(counts) AS counts FROM word_trends WHERE CHOSEN GROUP BY word ORDER BY counts DESC, word LIMIT 15"),
        ),
        Panel(
            "Movers", "Counts of the last week in the time shown, and how they changed from the week before.", "table",
            _of_chosen("""
                SELECT word, counts, change FROM (
                    SELECT week, word, counts, counts - lagInFrame(counts, 1, 0) OVER (PARTITION BY word ORDER BY week) AS change
                    FROM (SELECT toMonday(day) AS week, word, sum(counts) AS counts FROM word_trends WHERE CHOSEN GROUP BY week, word))
                ORDER BY week DESC, abs(change) DESC, word LIMIT 15
            """),
        ),
        Panel(
            "People and sessions", "Who spoke that day; days of fewer than five people are not shown.", "timeseries",
            "SELECT day AS time, people, sessions FROM sessions_overview WHERE $__dateFilter(day) ORDER BY day",
        ),
        Panel(
            "Words heard", "All recognised words of a day: what the rates are taken of.", "timeseries",
            "SELECT day AS time, words_spoken FROM sessions_overview WHERE $__dateFilter(day) ORDER BY day",
        ),
    ),
)  # fmt: skip

HEALTH = Board(
    uid="lahstats-health",
    title="Pipeline health",
    panels=(
        Panel(
            "Sessions by state", "Where all sessions stand now; a growing number in processing means that workers are missing.", "barchart",
            "SELECT part AS state, value AS sessions FROM pipeline_health WHERE what = 'sessions' ORDER BY sessions DESC, state",
        ),
        Panel(
            "Dead letters", "What could not be handled, by the stage that gave up and its reason. `lahstats dlq list` shows each.", "table",
            "SELECT part AS stage, detail AS reason, value AS letters, latest FROM pipeline_health WHERE what = 'dead letters' ORDER BY latest DESC",
        ),
        _measured(
            "Who is ready", "Processes that can do their work now, by their own word; a process that is not scraped is missing here.",
            "sum by (job) (lahstats_ready)",
        ),
        _measured(
            "Messages handled", "Messages a second whose outcome was committed, by stage.",
            "sum by (stage) (rate(lahstats_events_handled_total[$__rate_interval]))", unit="cps",
        ),
        _measured(
            "Work a batch", "Seconds that nineteen of twenty batches stay under, by stage; for the model stages a batch is one window of 20 s.",
            "histogram_quantile(0.95, sum by (stage, le) (rate(lahstats_work_seconds_bucket[$__rate_interval])))", unit="s",
        ),
        _measured(
            "Audio worked through", "Seconds of audio a second, by model stage: what the workers can keep up with.",
            "sum by (stage) (rate(lahstats_audio_seconds_total[$__rate_interval]))", unit="none",
        ),
        Panel(
            "Cost of an hour", "Seconds of one worker for an hour of audio; months in which five people or more recorded.", "table",
            "SELECT month, stage, model, seconds_per_hour FROM stage_costs ORDER BY month DESC, stage, model",
        ),
        _measured(
            "Rows written", "Rows a second that the warehouse acknowledged, by table.",
            "sum by (table) (rate(lahstats_rows_written_total[$__rate_interval]))", unit="cps",
        ),
        _measured(
            "Uploads", "Answers to chunk uploads a second, by status; 200 is a chunk that came again.",
            "sum by (status) (rate(lahstats_chunks_answered_total[$__rate_interval]))", unit="reqps",
        ),
        _measured(
            "Dead letters now", "Messages that were given up in the last hour, by stage and reason.",
            "sum by (stage, reason) (increase(lahstats_dead_letters_total[1h]))",
        ),
    ),
)  # fmt: skip

BOARDS = (WORDS, HEALTH)
CHANGES = "SELECT time, concat(what, ': ', name) AS text FROM changes WHERE $__timeFilter(time) ORDER BY time, text"
"""Drawn over every panel: a new lexicon or a new model changes counts without anybody talking otherwise."""
