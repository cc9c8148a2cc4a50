"""The programs that an installation runs, and the oldest version of each that will do."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ASKED_S = 30
"""A program that says no version within that is none."""
GO_MODULE = Path("deploy/devstack/versitygw/go.mod")
NODE = "install Node.js 20 or newer, which brings npm"
Version = tuple[int, ...]


@dataclass(frozen=True)
class Tool:
    """`asked` makes the program say its version, which follows `before` in what it says."""

    name: str
    asked: tuple[str, ...]
    before: str
    least: Version
    advice: str
    used_for: str = ""

    def __str__(self) -> str:
        """For people: the name, the oldest version, and the use."""
        return f"{self.name} {text_of(self.least)} or newer{self.used_for}"

    def complaint(self) -> str:
        """Why it will not do, and what will; empty when it does. Blocks for a second."""
        if shutil.which(self.asked[0]) is None:
            return self.advice
        found = version_of(self.asked, self.before)
        if found >= self.least:
            return ""
        older = f"{self.asked[0]} is {text_of(found)}" if found else f"{self.asked[0]} says none"
        return f"{older}: {self.advice}"


def text_of(version: Version) -> str:
    """As programs write it."""
    return ".".join(map(str, version))


def version_of(asked: Sequence[str], before: str) -> Version:
    """The version that a program says of itself; empty when it says none. Never raises."""
    try:
        done = subprocess.run(
            asked, capture_output=True, text=True, errors="replace", check=False, timeout=ASKED_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(rf"{before}(\d+(?:\.\d+)*)", done.stdout + done.stderr)
    return tuple(map(int, found.group(1).split("."))) if found else ()


def _go() -> Version:
    """The version that the module of the S3 gateway asks for."""
    found = re.search(r"^go ([\d.]+)$", GO_MODULE.read_text(), re.MULTILINE)
    assert found
    return tuple(map(int, found.group(1).split(".")))


JAVA = Tool(
    "Java",
    ("java", "-version"),
    'version "',
    (17,),
    "install a JDK of 17 or newer, for instance openjdk-17-jdk-headless",
)


def nginx(program: str) -> Tool:
    """The front door's server. Its `ssl_protocols` name TLSv1.3."""
    return Tool(
        "nginx",
        (program, "-v"),
        r"nginx version: \S+?/",
        (1, 13),
        "install nginx 1.13 or newer, or remove it and `make install`",
    )


def needed() -> list[Tool]:
    """Those that `make install` and `make test` run."""
    go = _go()
    return [
        JAVA,
        Tool("Maven", ("mvn", "-v"), "Apache Maven ", (3, 6, 3), "install maven 3.6.3 or newer"),
        Tool("Go", ("go", "version"), "go version go", go, f"install Go {text_of(go)} or newer"),
        Tool("npm", ("npm", "--version"), "^", (7,), NODE, ", for `make test`"),
        Tool("Node.js", ("node", "--version"), "^v", (20,), NODE, ", for `make test`"),
    ]


def is_python() -> bool:
    """Whether this Python is the one that all packages are pinned for."""
    return sys.version_info[:2] == (3, 11)
