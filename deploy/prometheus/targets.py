"""`python -m deploy.prometheus.targets`: prometheus.yml for the local stack, on stdout. Every process says its own numbers."""

import json
import sys
from pathlib import Path
from typing import Any

from adapters.settings import HEALTH_PORTS, Settings

RULES = Path(__file__).with_name("alerts.yaml")
WORKERS = {"transcribe": "transcribe_workers", "diarize": "diarize_workers"}


def configuration(settings: Settings, interval: str = "5s") -> dict[str, Any]:
    """JSON, which is YAML. One job a stage, one target a worker."""
    jobs = [
        {"job_name": stage, "static_configs": [{"targets": _targets(settings, stage)}]}
        for stage in HEALTH_PORTS
    ]
    return {
        "global": {"scrape_interval": interval, "evaluation_interval": interval},
        "rule_files": [str(RULES)],
        "scrape_configs": jobs,
    }


def _targets(settings: Settings, stage: str) -> list[str]:
    count = int(getattr(settings, WORKERS[stage])) if stage in WORKERS else 1
    return [f"{settings.host}:{settings.port_base + HEALTH_PORTS[stage] + n}" for n in range(count)]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(configuration(Settings()), indent=1) + "\n")
