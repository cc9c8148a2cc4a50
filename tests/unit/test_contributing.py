"""Things that CONTRIBUTING, the how-to pages and the hooks name exist.

Commands, make targets, files.
"""

import re
import shutil
from pathlib import Path

import pytest
import yaml

FOLDERS = (Path(), Path("docs"), Path("docs/how-to"))
PAGES = sorted(page for folder in FOLDERS for page in folder.glob("*.md"))
TARGET = re.compile(r"^([a-z][\w-]*(?: [a-z][\w-]*)*) ?:(?!=)", re.MULTILINE)
MAKE = re.compile(r"(?:`|^    )make ((?:[a-z][a-z-]*(?: |$|`|(?==)))+)", re.MULTILINE)
CHOSEN = re.compile(r"make (unit|guide|laws|integration|browser) K=(\w+)")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def targets() -> set[str]:
    """Every target that the Makefile defines."""
    return set(" ".join(TARGET.findall(Path("Makefile").read_text())).split())


def asked_of_make(text: str) -> set[str]:
    """Targets in `make …` in back-ticks and at the start of indented lines.

    Words in capitals are variables.
    """
    return {word for asked in MAKE.findall(text) for word in asked.strip(" `").split()}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_asks_make_for_targets_that_are_there(page: Path) -> None:
    assert asked_of_make(page.read_text()) <= targets()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_chooses_tests_that_are_there(page: Path) -> None:
    """`make unit K=word` takes the files with the word in their name, as the Makefile says."""
    chosen = CHOSEN.findall(page.read_text())
    none = [
        both for both in chosen if not list(Path("tests", both[0]).glob(f"test_*{both[1]}*.py"))
    ]
    assert none == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = [page.parent / link for link in LINK.findall(page.read_text())]
    missing = {str(link) for link in links if not link.exists()}
    assert missing == set()


def test_hooks_run_tools_that_are_installed() -> None:
    """The entry of a hook is a tool of the environment or a make target."""
    (repo,) = yaml.safe_load(Path(".pre-commit-config.yaml").read_text())["repos"]
    assert repo["repo"] == "local"
    for hook in repo["hooks"]:
        command, *arguments = hook["entry"].split()
        assert shutil.which(command), hook["id"]
        assert command != "make" or set(arguments) <= targets(), hook["id"]


def test_steps_of_the_pipeline_are_make_targets() -> None:
    found = re.search(r"^STEPS=\((.*)\)$", Path(".ci/run").read_text(), re.MULTILINE)
    assert found
    steps = found[1].replace('"', "").split()
    assert {step for step in steps if "=" not in step} <= targets()
