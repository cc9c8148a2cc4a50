"""Versions of the pages: all that a page loads is of one version, by its address."""

import posixpath
import re
from http import HTTPStatus

import pytest

from api.pages.files import FILES, PAGES
from api.pages.versions import PLACE, TOGETHER, addressed, version, version_of
from tests.read_side import Caller

LINKS = re.compile(r'(?:href|src)="(/[^"]+)"')
NAMED = re.compile(r'"(/[^"]*\.\w+)"|(?:from|import)\(? ?"(\./[^"]+)"')
BROWSER = {"Accept": "text/html,*/*;q=0.8"}
WORKER = "/service-worker.js"
NAMED_FILES = FILES.keys() - {WORKER}
OPENED = sorted({*PAGES} - {WORKER, "/favicon.ico"})


def is_file(named: str) -> bool:
    """Whether it is one of the files that fit each other, of whatever version."""
    return named.endswith(TOGETHER) and re.sub(rf"^{PLACE}\w+", "", named) in NAMED_FILES


def loaded(caller: Caller, address: str, text: str, found: set[str]) -> set[str]:
    """All that a page, or a file of it, names: files that fit each other alone."""
    for match in NAMED.finditer(text):
        named = match[1] or posixpath.normpath(posixpath.join(posixpath.dirname(address), match[2]))
        if is_file(named) and named not in found:
            found.add(named)
            loaded(caller, named, caller.get(named, {}).text, found)
    return found


@pytest.mark.parametrize("path", [*OPENED, "/no-such-page"])
def test_a_page_takes_all_its_files_from_one_version(path: str) -> None:
    """Before, a page that was loaded in the moment of an update had modules of two versions."""
    caller = Caller()
    found = loaded(caller, path, caller.get(path, BROWSER).text, set())
    assert len(found) > 4
    for address in found:
        assert address.startswith(f"{PLACE}{version()}/"), address
        answer = caller.get(address, {})
        assert answer.status_code == HTTPStatus.OK, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_worker_keeps_the_pages_and_the_files_of_its_version() -> None:
    caller = Caller()
    worker = caller.get(WORKER, {}).text
    named = re.findall(r'"(/[^"]+\.(?:js|css|json))"', worker)
    assert f"{PLACE}{version()}/record/record.js" in named
    assert all(address.startswith(f"{PLACE}{version()}/") for address in named)
    page = caller.get(f"{PLACE}{version()}/record", {})
    assert page.content == caller.get("/record", {}).content
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/record", "/record/record.js", "/site/texts.en.json"])
def test_a_server_has_nothing_of_another_version(address: str) -> None:
    answer = Caller().get(f"{PLACE}{'0' * 16}{address}", {})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_version_is_that_of_the_bytes_at_all_addresses() -> None:
    files = [("/site/a.js", b"1"), ("/site/b.js", b"2")]
    assert version_of(files) == version_of(list(files))
    others = (
        [("/site/a.js", b"1"), ("/site/b.js", b"3")],
        [("/site/a.js", b"1"), ("/site/c.js", b"2")],
        [("/site/a.js", b"1")],
    )
    assert len({version_of(files), *map(version_of, others)}) == 1 + len(others)


def test_only_files_that_there_are_get_another_address() -> None:
    kept = '"/v1/users/me" "/site/none.js" "/wrapped/Roboto-Bold.ttf" "/record" /site/dom.js'
    assert addressed(kept, "1") == kept
    assert addressed('import x from "/site/texts.js";', "1") == (
        f'import x from "{PLACE}1/site/texts.js";'
    )


def test_pages_of_the_version_before_this_way_of_addressing_find_their_files() -> None:
    caller = Caller()
    for address in FILES.keys() - PAGES.keys():
        assert caller.get(address, {}).content == FILES[address].read_bytes()
