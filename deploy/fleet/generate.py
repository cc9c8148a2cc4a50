"""`python -m deploy.fleet.generate`: compose and Kubernetes files from the one list of processes; --check says whether they are stale."""

import sys
from pathlib import Path
from typing import Any

import yaml

from deploy.fleet import compose, kubernetes

HEAD = "# Made by python -m deploy.fleet.generate. Checked against schemas, not run where it was written.\n"
FOLDER = Path("deploy")


def files() -> dict[Path, str]:
    """Every file and what must stand in it."""
    return {
        FOLDER / "compose" / "compose.yaml": _text([compose.compose()]),
        FOLDER / "prometheus" / "compose.yaml": _text([compose.scraping()]),
        FOLDER / "kubernetes" / "lahstats.yaml": _text(kubernetes.common()),
        FOLDER / "kubernetes" / "speech-cpu.yaml": _text(kubernetes.speech(gpu=False)),
        FOLDER / "kubernetes" / "speech-gpu.yaml": _text(kubernetes.speech(gpu=True)),
    }


class _Plain(yaml.SafeDumper):
    """Without anchors: a reader should not have to follow them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never."""
        return True


def _text(documents: list[dict[str, Any]]) -> str:
    return HEAD + yaml.dump_all(
        documents, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120
    )


def main(arguments: list[str]) -> int:
    """Write the files, or with --check return 1 when one is not what it should be."""
    stale = [
        path for path, text in files().items() if not path.exists() or path.read_text() != text
    ]
    if "--check" in arguments:
        for path in stale:
            sys.stderr.write(f"{path} is stale: run python -m deploy.fleet.generate\n")
        return int(bool(stale))
    for path in stale:
        path.write_text(files()[path])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
