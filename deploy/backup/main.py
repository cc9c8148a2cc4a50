"""`python -m deploy.backup.main backup|restore FOLDER`: for containers."""

import sys
from pathlib import Path

from adapters.process.logs import logger
from adapters.settings import Settings
from deploy.audit.pace import step_back
from deploy.backup.backup import backup
from deploy.backup.restore import restore

ACTIONS = {"backup": backup, "restore": restore}


def main() -> int:
    """Return 0 when all of it is written. Blocking."""
    action, folder = sys.argv[1:]
    step_back()
    ACTIONS[action](Settings(), Path(folder), lambda part: logger().info("part", name=part))
    return 0


if __name__ == "__main__":
    sys.exit(main())
