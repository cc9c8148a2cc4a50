"""`python -m schemas.generate [--check | --publish]`: the documents that are made from the types.

`--check` changes nothing. It fails when a committed document is stale, or when a published event
changed incompatibly. `--publish` makes the present schemas the published ones.
"""

import sys

from schemas.compatibility import problems, publish
from schemas.documents import generated


def check() -> list[str]:
    """Return what is wrong with the committed files, and what to do about it."""
    stale = [
        f"stale: {path} (run `python -m schemas.generate`)"
        for path, text in generated().items()
        if not path.exists() or path.read_text() != text
    ]
    return stale + problems()


def main(arguments: list[str]) -> int:
    """Return 0 when all is well, else 1."""
    if "--check" in arguments:
        wrong = check()
        sys.stderr.write("".join(f"{line}\n" for line in wrong))
        return 1 if wrong else 0
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if "--publish" in arguments:
        publish()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
