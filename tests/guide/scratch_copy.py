"""A copy of the repository, to try a change on."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.benchmark.structure import PRODUCT
from tests.guide.how_to import steps

FOLDERS = (*PRODUCT, "docs", "tests")
LEFT_OUT = ("__pycache__", "recordings", "screens")
"""Recordings and pictures: most of the bytes, and no page changes them."""


@dataclass(frozen=True)
class ScratchCopy:
    """A copy without its recordings and pictures. Its programs import the copy's own modules."""

    root: Path

    @classmethod
    def of(cls, root: Path) -> "ScratchCopy":
        """Copy what pages change, and what their checks read."""
        for folder in FOLDERS:
            shutil.copytree(folder, root / folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for path in (*Path().glob("*.md"), Path("pyproject.toml")):
            shutil.copy(path, root / path)
        return cls(root)

    def follow(self, page: str) -> None:
        """Carry out the steps of a page."""
        found = steps(page)
        assert found, page
        for step in found:
            step.apply(self.root)

    def run(self, code: str, *arguments: str) -> str:
        """The output of a program."""
        return self._python("-c", code, *arguments)

    def generate(self) -> None:
        """`make generate`."""
        self.run("from deploy.cli.main import app; app()", "generate")

    def check(self, *names: str, only: str = "") -> None:
        """Run unit tests: a file for each name, as in `make unit K=name`. All must pass.

        `only`: those whose names have it in them.
        """
        files = [f"tests/unit/test_{name}.py" for name in names]
        self._python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", only, *files)

    def _python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-10_000:]
        return done.stdout.strip()
