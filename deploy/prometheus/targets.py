"""`python -m deploy.prometheus.targets`: prometheus.yml for the local stack, on stdout."""

import json
import sys
from pathlib import Path
from typing import Any

from adapters.settings import Settings
from schemas import stages
from schemas.stage_kinds import Stage

RULES = Path(__file__).with_name("alerts.yaml")


def configuration(settings: Settings, interval: str = "5s") -> dict[str, Any]:
    """JSON, which is YAML. One job a stage, one target a worker."""
    jobs = [
        {"job_name": stage.name.value, "static_configs": [{"targets": _targets(settings, stage)}]}
        for stage in stages.ALL
    ]
    return {
        "global": {"scrape_interval": interval, "evaluation_interval": interval},
        "rule_files": [str(RULES)],
        "scrape_configs": jobs,
    }


def _targets(settings: Settings, stage: Stage) -> list[str]:
    workers = 1
    if stage.has_workers:
        workers = int(getattr(settings, f"{stage.name}_workers"))
    first = settings.port_base + stage.health_port
    ports = range(first, first + workers)
    return [f"{settings.host}:{port}" for port in ports]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(configuration(Settings()), indent=1) + "\n")
