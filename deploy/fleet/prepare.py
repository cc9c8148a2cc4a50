"""`python -m deploy.fleet.prepare`: topics, bucket and tables where the settings point. Repeatable; run before the stages."""

import sys

from adapters.process.retry import retry_transient
from adapters.settings import Settings
from deploy.local import bootstrap


def main() -> int:
    """Blocks while a server is not there yet; 0 when all is."""
    settings = Settings()
    retry_transient(lambda: bootstrap.prepare(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
