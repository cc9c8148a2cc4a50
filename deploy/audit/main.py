"""`python -m deploy.audit.main`: one audit of everything that is kept, as a scheduled job."""

import sys

from adapters.process.priority import step_back
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from deploy.audit.audit import audit


def main() -> int:
    """Print each difference and their number. Return 1 when there is one. Blocking."""
    step_back()
    settings = Settings()
    report = retry_transient(lambda: audit(settings))
    print(*report.lines(), sep="\n")
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
