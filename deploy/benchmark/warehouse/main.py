"""Generates, loads, measures, removes; on a server of its own, so that no stack's data is touched."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from api.sessions.service import THREADS
from deploy.benchmark.tables import table
from deploy.benchmark.warehouse import serving
from deploy.benchmark.warehouse.ask import Timed, ask_all
from deploy.benchmark.warehouse.load import load
from deploy.devstack.chdb_server.process import served
from deploy.prepare import credentials
from deploy.prepare.tables import load_lexicon, migrate

PORT_BASE = 24_400
Seen = Callable[[float, str], None]


def measure(rows: int, people: int, seen: Seen) -> dict[str, Any]:
    """Blocking, minutes, and about 25 bytes of disk a row while it runs."""
    lexicon = shipped_lexicon()
    words = [entry.word for entry in lexicon.words]
    with _warehouse(Path(tempfile.gettempdir())) as (settings, warehouse):
        load_lexicon(warehouse, lexicon)
        load(warehouse, words, rows, people, seen)
        asked = ask_all(
            Warehouse(settings, THREADS),
            warehouse,
            people,
            words,
            lambda question: seen(1.0, question),
        )
        seen(1.0, "Wrapped over HTTP")
        return {
            "rows": rows,
            "people": people,
            "questions": [asdict(one) for one in asked],
            "http": asdict(serving.measure(settings, people)),
        }


@contextmanager
def _warehouse(where: Path) -> Iterator[tuple[Settings, Warehouse]]:
    with tempfile.TemporaryDirectory(prefix="lahstats-warehouse-", dir=where) as folder:
        credentials.ensure(Path(folder))
        settings = Settings(data_dir=Path(folder), port_base=PORT_BASE)
        with served(settings):
            warehouse = Warehouse(settings)
            migrate(warehouse)
            yield settings, warehouse
            warehouse.close()


def markdown(found: dict[str, Any]) -> list[str]:
    """Two tables."""
    head = f"{found['rows']:,} counted words of {found['people']:,} people, one year"
    columns = (head, "p50 ms", "p99 ms", "naive table, ms", "times faster")
    timed = [Timed(**one) for one in found["questions"]]
    rows = [
        (
            t.question,
            f"{t.p50_ms:.1f}",
            f"{t.p99_ms:.1f}",
            f"{t.naive_ms:,.0f}",
            f"{t.times_faster:,.0f}",
        )
        for t in timed
    ]
    http = found["http"]
    asked = [("whole answer", http["whole"]), ("answered 304 by its ETag", http["unchanged"])]
    over = [
        (name, f"{one['a_second']:.1f}", f"{one['p50_ms']:.0f}", f"{one['p99_ms']:.0f}")
        for name, one in asked
    ]
    return [
        *table(columns, rows),
        "",
        *table(
            (
                f"GET /v1/users/me/wrapped, {http['clients']} clients",
                "requests/s",
                "p50 ms",
                "p99 ms",
            ),
            over,
        ),
    ]
