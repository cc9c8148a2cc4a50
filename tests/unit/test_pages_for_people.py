"""Addresses without anything, the state in words, and files of pages."""

import gzip
import json
import re
from typing import Any

import msgspec
import pytest

from adapters.audio.decoding import measure
from adapters.process.retry import TransientError
from adapters.warehouse import R
from api.freshness import Freshness
from api.health.service import Operating
from api.pages.files import FILES, PAGES
from deploy.generators import cookbook, pages
from schemas.limits import CHUNK_BYTES, CHUNK_DURATION_MS
from tests.unit.test_read_side import Caller

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ROWS = [
    {"what": "sessions", "part": "completed", "detail": "", "value": 7},
    {"what": "sessions", "part": "failed", "detail": "counts", "value": 1},
    {"what": "dead letters", "part": "transcribe", "detail": "not_audio", "value": 2},
]


class View:
    """Stands for the warehouse: the rows of its view, or nobody."""

    def __init__(self, rows: list[dict[str, Any]] | None) -> None:
        self._rows = rows

    def query(self, sql: str, parameters: Any = None, *, row: type[R]) -> list[R]:
        if self._rows is None:
            raise TransientError("away")
        rows = self._rows if "pipeline_health" in sql else []
        return [msgspec.convert(one, row) for one in rows]


def told(rows: list[dict[str, Any]] | None) -> dict[str, tuple[bool, str]]:
    view = View(rows)
    found = Operating(view, Freshness(view, lambda: 0)).health()
    return {part.name: (part.works, part.says) for part in found.parts}


def test_people_get_a_page_and_scripts_a_problem() -> None:
    asking = Caller()
    page = asking.get("/no-such-page", BROWSER)
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "/site/not-found.js" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for path, headers in (("/no-such-page", {"Accept": "*/*"}), ("/v1/nothing", BROWSER)):
        problem = asking.get(path, headers)
        assert problem.status_code == 404
        assert problem.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_served_under_the_policy(path: str) -> None:
    answer = Caller().get(path, BROWSER)
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.endswith((".html", ".js", ".css"))]
)
def test_no_file_of_a_page_names_another_origin(path: str) -> None:
    text = FILES[path].read_text()
    assert "https://" not in text.replace("http://www.w3.org", "")


def test_operators_read_what_needs_somebody() -> None:
    found = told(ROWS)
    assert found["Warehouse"] == (True, "ClickHouse answers.")
    assert found["Talks"] == (False, "7 completed, 1 could not be counted.")
    assert found["Stage transcribe"] == (False, "Dead letters: 2 of not_audio.")
    assert found["Numbers"][0] is False


def test_a_warehouse_that_is_away_is_told_and_no_error() -> None:
    assert told(None) == {"Warehouse": (False, "ClickHouse does not answer.")}


def test_the_sample_is_a_chunk_that_the_write_side_takes() -> None:
    script = FILES["/site/sample.js"].read_text()
    (said_ms,) = map(int, re.findall(r"DURATION_MS = (\d+)", script))
    body = FILES["/site/sample.ogg"].read_bytes()
    assert CHUNK_BYTES.holds(len(body))
    assert CHUNK_DURATION_MS.holds(said_ms)
    assert abs(measure(body).duration_ms(said_ms) - said_ms) < 20


def test_the_page_for_analysts_has_every_question_of_the_cookbook() -> None:
    (text,) = cookbook.files().values()
    questions = json.loads(text)["questions"]
    for_analysts = cookbook.PAGE.read_text().partition(cookbook.FOR_OPERATORS)[0]
    assert [one["question"] for one in questions] == [
        line.removeprefix("## ") for line in for_analysts.splitlines() if line.startswith("## ")
    ]
    assert all(one["sql"].startswith(("SELECT", "WITH")) for one in questions)


MOST_BYTES = 60_000
"""Of a page at its first visit, compressed, without letters, pictures and answers. With the
picture of the first page it stays far under 150 kB."""


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.file)
def test_a_page_is_small_with_everything_that_it_loads(page: pages.Page) -> None:
    texts = f"{'/wrapped' if page.kind == 'story' else '/site'}/texts.en.json"
    needed = [*page.styles, *pages.modules(page.script), texts, "/site/texts.zh.json"]
    sizes = [len(gzip.compress(FILES[address].read_bytes(), 5)) for address in needed]
    assert sum(sizes) + len(gzip.compress(page.html().encode(), 5)) < MOST_BYTES


def test_a_page_loads_its_modules_at_once_and_no_other() -> None:
    for page in pages.PAGES:
        asked = re.findall(r'rel="modulepreload" href="([^"]+)"', page.html())
        assert [page.script, *asked] == pages.modules(page.script)
        for address in asked:
            assert set(pages.imported(address)) <= {page.script, *asked}
