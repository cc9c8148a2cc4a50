"""The commit that the figures of a page belong to."""

import subprocess
from pathlib import Path


def commit(tree: Path = Path()) -> str:
    """Return the short name of the commit that is checked out in `tree`.

    `unknown` outside a repository.

    Blocking, milliseconds. It does not say whether files were changed since.
    """
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
