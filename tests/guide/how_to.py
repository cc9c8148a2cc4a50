"""The steps of a page of `docs/how-to`, read from its text so that a test can carry them out."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

PAGES = Path("docs/how-to")
CHANGED = re.compile(
    r"^ *In `(?P<file>[^`]+)`, (?P<where>above|instead of|at the end)(?: `(?P<anchor>[^`]+)`)?:\n\n"
    r"(?P<block> *```\w+\n.*?\n *```)$",
    re.MULTILINE | re.DOTALL,
)
WRITTEN = re.compile(
    r"^ *A new file `(?P<file>[^`]+)`:\n\n(?P<block> *```\w+\n.*?\n *```)$",
    re.MULTILINE | re.DOTALL,
)
COPIED = re.compile(r"^ *Copy `([^`]+)` to `([^`]+)`, with\s([^.]+)\.$", re.MULTILINE)
FOR = re.compile(r"`([^`]+)` for\s+`([^`]+)`")


class Step(Protocol):
    """One thing that a page asks for."""

    def apply(self, root: Path) -> None:
        """Do it in the repository at `root`. Fails when it cannot be done as the page says."""


@dataclass(frozen=True)
class Change:
    """`text` goes above an anchor, in its place, or to the end of a file."""

    file: str
    where: str
    anchor: str
    text: str

    def apply(self, root: Path) -> None:
        """Fails when the anchor is not there exactly once."""
        path = root / self.file
        before = path.read_text()
        if self.where == "at the end":
            path.write_text(before + self.text)
            return
        assert before.count(self.anchor) == 1, (self.file, self.anchor, before.count(self.anchor))
        kept = self.anchor if self.where == "above" else ""
        text = self.text if kept else self.text.rstrip("\n")
        path.write_text(before.replace(self.anchor, text + kept))


@dataclass(frozen=True)
class NewFile:
    """A file that nobody has written yet."""

    file: str
    text: str

    def apply(self, root: Path) -> None:
        """Fails when the file is there."""
        path = root / self.file
        assert not path.exists(), path
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.text)


@dataclass(frozen=True)
class LikeAnother:
    """A file like another one, with other words: `changes` are pairs of an old and a new one."""

    source: str
    file: str
    changes: tuple[tuple[str, str], ...]

    def apply(self, root: Path) -> None:
        """Fails when the other file lacks one of the old words."""
        text = (root / self.source).read_text()
        for old, new in self.changes:
            assert old in text, (self.source, old)
            text = text.replace(old, new)
        NewFile(self.file, text).apply(root)


def steps(page: str) -> list[Step]:
    """Every step of a page, in its order."""
    text = (PAGES / page).read_text()
    found: dict[int, Step] = {}
    for step in CHANGED.finditer(text):
        anchor = (step["anchor"] or "").replace("\\n", "\n")
        found[step.start()] = Change(step["file"], step["where"], anchor, inner(step["block"]))
    for step in WRITTEN.finditer(text):
        found[step.start()] = NewFile(step["file"], inner(step["block"]))
    for step in COPIED.finditer(text):
        changes = tuple((old, new) for new, old in FOR.findall(step[3]))
        found[step.start()] = LikeAnother(step[1], step[2], changes)
    return [found[place] for place in sorted(found)]


def inner(block: str) -> str:
    """The lines between the fences, without the indentation of the list that they are in."""
    indent = len(block) - len(block.lstrip(" "))
    lines = [line[indent:] for line in block.splitlines()[1:-1]]
    return "\n".join(lines) + "\n"
