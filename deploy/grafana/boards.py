"""The dashboards as data: what is asked, how it is drawn, what it means."""

from dataclasses import dataclass

SOURCE = "${source}"
"""Data sources are chosen by a variable: the same files serve every installation."""


@dataclass(frozen=True)
class Panel:
    """One question. `unit` is Grafana's name of it; `kind` how it is drawn."""

    title: str
    what: str
    kind: str
    sql: str
    unit: str = "short"
    width: int = 12
    height: int = 8


@dataclass(frozen=True)
class Board:
    """A page of panels; `choices`: variables of its own, name -> query for their values."""

    uid: str
    title: str
    panels: tuple[Panel, ...]
    choices: tuple[tuple[str, str], ...] = ()


CHOSEN = "$__dateFilter(day) AND word IN (${word:singlequote}) AND category IN (${category:singlequote})"


def _of_chosen(sql: str) -> str:
    return sql.replace("CHOSEN", CHOSEN)


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
    ),
)  # fmt: skip

BOARDS = (WORDS, HEALTH)
LEXICON_CHANGES = "SELECT min(loaded_at) AS time, concat('lexicon ', version) AS text FROM lexicon GROUP BY version ORDER BY time"
"""Drawn over every panel: a new lexicon changes counts without anybody talking otherwise."""
