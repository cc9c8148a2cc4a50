"""Documents and docstrings.

Links resolve, paths exist, versions agree, and the house rules of English hold.
"""

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOMS = ("adapters", "api", "consumers", "deploy", "producers", "schemas", "streams", "tests")
GENERATED = {Path("docs/data-dictionary.md"), Path("docs/accuracy.md"), Path("docs/structure.md")}
DOCUMENTS = sorted(Path().glob("*.md")) + sorted(Path("docs").rglob("*.md"))
MODULES = sorted(path for room in ROOMS for path in Path(room).rglob("*.py"))
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(rf"`((?:{'|'.join(ROOMS)}|docs)/[\w./-]+)`")
FREE_RELATIVE = re.compile(r"(?:^|[.!?:]\s+)((?:What|Who|Whoever|Whose)\s[^.?!]*[.?!]?)")
WIDTH = 120


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_and_paths_of_a_document_exist(document: Path) -> None:
    text = document.read_text()
    links = [link for link in LINK.findall(text) if "://" not in link]
    missing = [link for link in links if not (document.parent / link).exists()]
    if document.parent.name != "how-to":  # its pages name files that the reader is to make
        missing += [path for path in PATH.findall(text) if not Path(path).exists()]
    assert not missing


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if d not in GENERATED], ids=str)
def test_prose_of_a_document_is_short_of_line_and_plain(document: Path) -> None:
    wide = []
    odd = []
    for number, line in enumerate(_prose(document.read_text()), 1):
        if len(line) > WIDTH and not line.startswith("|"):
            wide.append(number)
        if not line.startswith(("|", "#")):
            odd += _free_relatives(line)
    assert (wide, odd) == ([], [])


def _prose(text: str) -> Iterator[str]:
    is_code = False
    for line in text.splitlines():
        is_code ^= line.startswith("```")
        yield "" if is_code or line.startswith(("    ", "```", "!")) else line


def test_the_newest_version_of_the_changelog_is_the_package_s() -> None:
    version = tomllib.loads(Path("pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## (\d\S*)", Path("CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == version


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_of_a_room_begins_with_what_or_who_unless_it_asks(room: str) -> None:
    odd = []
    for path in (p for p in MODULES if p.parts[0] == room):
        for place, text in _sentences_of(path):
            odd += [f"{path}:{place} {found}" for found in _free_relatives(text)]
    assert not odd


COMMENT = re.compile(r"^\s*(?://+|/\*+|\*|#+)\s*(.*)$")
COMMENTED = sorted(
    path
    for pattern in ("api/pages/**/*.js", "deploy/**/*.yaml", "Makefile", ".github/*.md")
    for path in Path().glob(pattern)
)


@pytest.mark.parametrize("path", COMMENTED, ids=str)
def test_no_comment_of_another_language_does_either(path: Path) -> None:
    found = map(COMMENT.match, path.read_text().splitlines())
    assert [odd for one in found if one for odd in _free_relatives(one[1])] == []


def test_no_text_of_a_page_does_either() -> None:
    for path in Path("api/pages").rglob("texts.en.json"):
        texts = re.findall(r': "([^"]*)"', path.read_text())
        assert [odd for text in texts for odd in _free_relatives(text)] == [], path


def _sentences_of(path: Path) -> Iterator[tuple[int, str]]:
    source = path.read_text()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, " ".join(text.split())
            case ast.keyword(arg="description" | "help", value=ast.Constant(value=str(text))):
                yield node.value.lineno, text
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ")


def _free_relatives(text: str) -> list[str]:
    return [found for found in FREE_RELATIVE.findall(text) if not found.endswith("?")]
