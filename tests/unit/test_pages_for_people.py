"""Addresses without anything, the state in words, and files of pages."""

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.audio.decoding import measure
from adapters.process.retry import TransientError
from adapters.warehouse import R
from api.etags import etag_of
from api.freshness import Freshness
from api.health.service import Operating, Part
from api.pages.contents import Contents, contents
from api.pages.files import FILES, PAGES
from api.pages.versions import addressed, version
from deploy.generators import cookbook, pages
from schemas.limits import CHUNK_BYTES, CHUNK_DURATION_MS
from tests.read_side import Caller

NAMING = PAGES.keys() - {"/favicon.ico"}
"""Pages, and the worker: they name files by their addresses of the version that is served."""
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ROWS = [
    {"what": "sessions", "part": "failed", "detail": "counts", "value": 1},
    {"what": "dead letters", "part": "transcribe", "detail": "not_audio", "value": 2},
    {"what": "dead letters", "part": "transcribe", "detail": "step_failed", "value": 1},
]


class View:
    """Stands for the warehouse: the rows of its view, or nobody."""

    def __init__(self, rows: list[dict[str, Any]] | None) -> None:
        self._rows = rows

    def query(self, sql: str, parameters: Any = None, *, row: type[R]) -> list[R]:
        if self._rows is None:
            raise TransientError("away")
        rows = self._rows if "pipeline_health" in sql else []
        wanted = row.__struct_fields__
        return [msgspec.convert({name: one[name] for name in wanted}, row) for one in rows]


def told(rows: list[dict[str, Any]] | None) -> list[Part]:
    view = View(rows)
    return Operating(view, Freshness(view, lambda: 0)).health().parts


def test_people_get_a_page_and_scripts_a_problem() -> None:
    asking = Caller()
    page = asking.get("/no-such-page", BROWSER)
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "/site/not-found.js" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "private, no-store"
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


@pytest.mark.parametrize("path", FILES)
def test_a_browser_that_has_a_file_is_not_sent_it_again(path: str) -> None:
    browser = Caller()
    first = browser.get(path, {"Accept-Encoding": "gzip"})
    text = FILES[path].read_bytes()
    assert first.content == (
        addressed(text.decode(), version()).encode() if path in NAMING else text
    )
    tag = {"If-None-Match": first.headers["ETag"]}
    again = browser.get(path, {"Accept-Encoding": "gzip", **tag})
    assert (again.status_code, again.content) == (304, b"")
    other = browser.get(path, {"Accept-Encoding": "gzip", "If-None-Match": '"older"'})
    assert other.status_code == 200


def test_a_text_is_compressed_for_who_takes_that_and_has_a_tag_of_its_own() -> None:
    packed, plain = (
        Caller().get("/site/layout.css", {"Accept-Encoding": encoding})
        for encoding in ("gzip, br", "identity")
    )
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(plain.content) == len(packed.content)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "page.css"
    file.write_text("a {}")
    before = contents(file, "gzip")
    assert contents(file, "gzip") is before
    file.write_text("b {}")
    os.utime(file, ns=(1, 1))
    assert contents(file, "") == Contents(b"b {}", "", etag_of(b"b {}"))


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.endswith((".html", ".js", ".css"))]
)
def test_no_file_of_a_page_names_another_origin(path: str) -> None:
    text = FILES[path].read_text()
    assert "https://" not in text.replace("http://www.w3.org", "")


WAREHOUSE = Part(name="warehouse", works=True, says="answers")
UNWRITTEN = Part(name="numbers", works=False, says="unwritten")


def test_operators_read_what_needs_somebody() -> None:
    talks = Part(name="talks", works=False, says="some_failed")
    stage = {"stage": "transcribe"}
    reasons = ["not_audio", "step_failed"]
    letters = Part(name="stage", works=False, says="letters", values=stage, reasons=reasons)
    assert told(ROWS) == [WAREHOUSE, UNWRITTEN, talks, letters]


def test_operators_read_that_nothing_needs_somebody() -> None:
    talks = Part(name="talks", works=True, says="none_failed")
    letters = Part(name="letters", works=True, says="no_letters")
    assert told([]) == [WAREHOUSE, UNWRITTEN, talks, letters]


def test_nobody_reads_there_that_somebody_records_just_now() -> None:
    """In a group of two a number of talks says what the other one does."""
    recording = {"what": "sessions", "part": "recording", "detail": "", "value": 1}
    assert told([recording]) == told([])


def test_a_warehouse_that_is_away_is_told_and_no_error() -> None:
    assert told(None) == [Part(name="warehouse", works=False, says="silent")]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_for_operators_has_the_words_of_every_part(language: str) -> None:
    texts = json.loads(FILES[f"/site/texts.{language}.json"].read_text())["docs"]["operators"]
    for part in (*told(None), *told([]), *told(ROWS)):
        assert part.name in texts["parts"]
        assert part.says in texts["says"]


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
    texts = f"{pages.TEXTS_OF[page.kind]}/texts.en.json"
    needed = [*page.styles, *pages.modules(page.script), texts, "/site/texts.zh.json"]
    sizes = [len(gzip.compress(FILES[address].read_bytes(), 5)) for address in needed]
    assert sum(sizes) + len(gzip.compress(page.html().encode(), 5)) < MOST_BYTES


def test_a_page_loads_its_modules_at_once_and_no_other() -> None:
    for page in pages.PAGES:
        asked = re.findall(r'rel="modulepreload" href="([^"]+)"', page.html())
        assert [page.script, *asked] == pages.modules(page.script)
        for address in asked:
            assert set(pages.imported(address)) <= {page.script, *asked}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("deflate, gzip;q=1.0, *;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("gzip ; q=0.000, br", None),
        ("identity", None),
        ("x-gzip-not", None),
        ("", None),
    ],
)
def test_a_file_is_compressed_for_who_takes_that(accepted: str, encoding: str | None) -> None:
    """Before, `gzip;q=0`, which means "not that", got it."""
    answer = Caller().get("/", {"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
