"""Loads a made-up year, asks the questions of the read side, and removes everything again."""

from dataclasses import dataclass

from adapters.objects.lexicons import shipped_lexicon
from adapters.warehouse import Warehouse
from api.main import QUERY_THREADS
from deploy.benchmark.warehouse import serving
from deploy.benchmark.warehouse.load import Seen, load
from deploy.benchmark.warehouse.query_times import Timed, ask_all
from deploy.benchmark.warehouse.serving import Served
from deploy.devstack.chdb_server.process import fresh_warehouse
from deploy.prepare.tables import load_lexicon
from deploy.table_printer import markdown as table


@dataclass(frozen=True)
class Measured:
    """Times of each question over both shapes, and of Wrapped over HTTP."""

    rows: int
    people: int
    questions: list[Timed]
    http: Served


def measure(rows: int, people: int, seen: Seen) -> Measured:
    """Blocks for minutes and uses about 25 bytes of disk a row while it runs."""
    lexicon = shipped_lexicon()
    words = [entry.word for entry in lexicon.words]
    with fresh_warehouse() as (settings, warehouse):
        load_lexicon(warehouse, lexicon)
        load(warehouse, words, rows, people, seen)
        as_api = Warehouse(settings, QUERY_THREADS)
        questions = ask_all(as_api, warehouse, people, words, lambda name: seen(1.0, name))
        seen(1.0, "Wrapped over HTTP")
        return Measured(rows, people, questions, serving.measure(settings, people))


def markdown(measured: Measured) -> list[str]:
    """Return two tables: the questions, and Wrapped over HTTP."""
    return [*_questions(measured), "", *_http(measured.http)]


def _questions(measured: Measured) -> list[str]:
    head = f"{measured.rows:,} counted words of {measured.people:,} people, one year"
    columns = (head, "p50 ms", "p99 ms", "naive table, ms", "times faster")
    return table(columns, map(_question, measured.questions))


def _question(timed: Timed) -> list[str]:
    return [
        timed.question,
        f"{timed.p50_ms:.1f}",
        f"{timed.p99_ms:.1f}",
        f"{timed.naive_ms:,.0f}",
        f"{timed.times_faster:,.0f}",
    ]


def _http(http: Served) -> list[str]:
    ways = {"whole answer": http.whole, "answered 304 by its ETag": http.unchanged}
    head = f"GET /v1/users/me/wrapped, {http.clients} clients"
    rows = (
        (name, f"{load.a_second:.1f}", f"{load.p50_ms:.0f}", f"{load.p99_ms:.0f}")
        for name, load in ways.items()
    )
    return table((head, "requests/s", "p50 ms", "p99 ms"), rows)
