"""Metrics of all processes, recorded as Prometheus would, and written as a test of `promtool`."""

import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import yaml

from adapters.settings import Settings
from deploy.prometheus.targets import configuration

EVERY_S = 5
"""As often as the shipped Prometheus looks."""
MISSING = "_"
"""promtool's word for a scrape without a sample."""
FIRING = 'group by (alertname) (ALERTS{alertstate="firing"})'
RULES = "../alerts.yaml"


class Recorder:
    """Scrapes every process of a stack on a thread of its own while the block runs."""

    def __init__(self, settings: Settings) -> None:
        jobs = configuration(settings)["scrape_configs"]
        self._targets = [
            (job["job_name"], address)
            for job in jobs
            for address in job["static_configs"][0]["targets"]
        ]
        self._samples: dict[str, dict[int, float]] = defaultdict(dict)
        self._firing: dict[str, Sequence[str]] = {}
        self._count = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def expect(self, *alerts: str) -> None:
        """At the moment of the latest scrape these alerts must fire, and no others."""
        self._firing[f"{(self._count - 1) * EVERY_S}s"] = alerts

    def _run(self) -> None:
        began_s = time.monotonic()
        while not self._over.is_set():
            for job, address in self._targets:
                self._scrape(job, address)
            self._count += 1
            self._over.wait(max(0.0, began_s + self._count * EVERY_S - time.monotonic()))

    def _scrape(self, job: str, address: str) -> None:
        here = f'instance="{address}",job="{job}"'
        try:
            text = httpx.get(f"http://{address}/metrics", timeout=3).text
        except httpx.HTTPError:
            self._samples[f"up{{{here}}}"][self._count] = 0
            return
        self._samples[f"up{{{here}}}"][self._count] = 1
        for line in text.splitlines():
            if not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                self._samples[_labelled(name, here)][self._count] = float(value)

    def write(self, page: Path, names: Sequence[str]) -> None:
        """Write the metrics of these names, and what is expected at each moment."""
        series = [
            {"series": name, "values": " ".join(self._notation(samples))}
            for name, samples in sorted(self._samples.items())
            if name.partition("{")[0] in names
        ]
        expected = [
            {
                "expr": FIRING,
                "eval_time": moment,
                "exp_samples": [
                    {"labels": f'{{alertname="{alert}"}}', "value": 1} for alert in sorted(alerts)
                ],
            }
            for moment, alerts in self._firing.items()
        ]
        test = {
            "interval": f"{EVERY_S}s",
            "input_series": series,
            "promql_expr_test": expected,
        }
        document = {
            "rule_files": [RULES],
            "evaluation_interval": f"{EVERY_S}s",
            "tests": [test],
        }
        page.parent.mkdir(exist_ok=True)
        page.write_text("# Recorded by `make faults K=alerts`.\n" + yaml.safe_dump(document))

    def _notation(self, samples: Mapping[int, float]) -> list[str]:
        """All samples in promtool's short form: `3x2` is a 3 and the same twice more."""
        values = [_number(samples.get(number)) for number in range(self._count)]
        runs = [(value, len(list(same))) for value, same in groupby(values)]
        return [_run_of(value, times) for value, times in runs]


def _run_of(value: str, times: int) -> str:
    if times == 1:
        return value
    return f"{value}x{times}" if value == MISSING else f"{value}x{times - 1}"


def _number(value: float | None) -> str:
    return MISSING if value is None else f"{value:.12g}"


def _labelled(name: str, labels: str) -> str:
    if not name.endswith("}"):
        return f"{name}{{{labels}}}"
    return f"{name[:-1]},{labels}}}"
