"""`python -m deploy.backup.main backup|restore FOLDER`: for containers.

A restore needs the record of erasures, in the folder of LAHSTATS_ERASURES_DIR.
"""

import sys
from pathlib import Path

from adapters.process.logs import logger
from adapters.process.priority import step_back
from adapters.settings import Settings
from deploy.backup.backup import backup
from deploy.backup.restore import restore


def main() -> int:
    """Return 0 when all of it is written. Blocking."""
    action, folder = sys.argv[1:]
    step_back()
    settings = Settings()
    match action:
        case "backup":
            backup(settings, Path(folder), _said)
        case "restore":
            restore(settings, Path(folder), _said, settings.erasures_dir)
        case _:
            raise ValueError(f"{action} is neither backup nor restore")
    return 0


def _said(part: str) -> None:
    logger().info("part", name=part)


if __name__ == "__main__":
    sys.exit(main())
