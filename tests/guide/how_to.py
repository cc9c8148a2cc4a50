"""Following a page of `docs/how-to`.

Its steps are carried out on a copy of the files that they change.
"""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

PAGES = Path("docs/how-to")
STEP = re.compile(
    r"^ *In `(?P<file>[^`]+)`, (?P<where>above|instead of|at the end)(?: `(?P<anchor>[^`]+)`)?:\n\n"
    r"(?P<block> *```\w+\n.*?\n *```)$",
    re.MULTILINE | re.DOTALL,
)
BLOCK = re.compile(r"^ *```python\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One change that a page asks for: `text` goes above an anchor, in its place, or to the end."""

    file: str
    where: str
    anchor: str
    text: str

    def apply(self, root: Path) -> None:
        """Change the file. Fails when the anchor is not there exactly once."""
        path = root / self.file
        before = path.read_text()
        if self.where == "at the end":
            path.write_text(before + self.text)
            return
        assert before.count(self.anchor) == 1, (self.file, self.anchor, before.count(self.anchor))
        kept = self.anchor if self.where == "above" else ""
        text = self.text if kept else self.text.rstrip("\n")
        path.write_text(before.replace(self.anchor, text + kept))


def steps(page: str) -> list[Step]:
    """Every step of a page of the form "In `file`, above `anchor`:" and a block."""
    found = STEP.finditer((PAGES / page).read_text())
    return [
        Step(
            step["file"],
            step["where"],
            (step["anchor"] or "").replace("\\n", "\n"),
            inner(step["block"]),
        )
        for step in found
    ]


def inner(block: str) -> str:
    """The lines between the fences, without the indentation of the list that they are in."""
    indent = len(block) - len(block.lstrip(" "))
    lines = [line[indent:] for line in block.splitlines()[1:-1]]
    return "\n".join(lines) + "\n"


def python_blocks(page: str) -> list[str]:
    """Every block of Python of a page."""
    return [textwrap.dedent(block) for block in BLOCK.findall((PAGES / page).read_text())]


@dataclass(frozen=True)
class Copy:
    """A copy of `schemas/` and of the labelled sentences, to try a page on."""

    root: Path

    @classmethod
    def of(cls, root: Path) -> "Copy":
        """Copy what pages change."""
        shutil.copytree("schemas", root / "schemas", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "tests" / "senses").mkdir(parents=True)
        shutil.copy("tests/senses/known.tsv", root / "tests" / "senses" / "known.tsv")
        return cls(root)

    def follow(self, page: str) -> None:
        """Carry out the steps of a page."""
        found = steps(page)
        assert found, page
        for step in found:
            step.apply(self.root)

    def run(self, code: str) -> str:
        """The output of a program that imports the copy."""
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
