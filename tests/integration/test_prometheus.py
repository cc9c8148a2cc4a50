"""Alert rules by promtool.

Every PromQL of the dashboards on a real Prometheus that scrapes the real processes.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.grafana.boards import BOARDS, Panel
from deploy.prometheus.targets import RULES, configuration
from deploy.waiting import until
from tests.integration.conftest import Scene

TOOLS = Path(".local/prometheus/usr/bin")
RECORDED = sorted(Path("deploy/prometheus/recorded").glob("*.yaml"))
PANELS = [panel for board in BOARDS for panel in board.panels if panel.promql]
QUIET = {"Dead letters now"}
"""Of a stack on which all went well there is nothing to show."""


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    tool = TOOLS / "promtool"
    assert tool.exists(), "Debian's Prometheus is not here: `make .local/prometheus` fetches it"
    return subprocess.run([str(tool), *arguments], capture_output=True, text=True, check=False)


def test_the_rules_are_well_made_and_do_what_their_tests_say() -> None:
    checked = promtool("check", "rules", str(RULES))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = promtool("test", "rules", str(RULES.with_name("alerts_test.yaml")))
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_the_rules_do_on_recorded_faults_as_an_operator_must_be_told(recorded: Path) -> None:
    """Metrics of real processes while faults were injected: `make faults K=alerts`."""
    tested = promtool("test", "rules", str(recorded))
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.fixture(scope="module")
def prometheus(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = scene.stack.settings
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "prometheus.yml").write_text(
        json.dumps(configuration(settings, "1s") | {"rule_files": [str(RULES.resolve())]})
    )
    port = settings.port_base + 95
    command = [
        str(TOOLS.resolve() / "prometheus"),
        "--config.file=prometheus.yml",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    with (
        subprocess.Popen(command, cwd=folder) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        try:
            until(lambda: _up(client), lambda up: len(up) > 8 and set(up.values()) == {"up"}, 120)
            yield client
        finally:
            process.terminate()


def _up(client: httpx.Client) -> dict[str, str]:
    """The health of each target; none while the server starts, which it says with a 503."""
    try:
        answer = client.get("/api/v1/targets").raise_for_status()
    except httpx.HTTPError:
        return {}
    targets = answer.json()["data"]["activeTargets"]
    return {target["scrapeUrl"]: target["health"] for target in targets}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_a_panel_answers(prometheus: httpx.Client, panel: Panel) -> None:
    query = panel.query.replace("$__rate_interval", "1m")

    def series() -> list[object]:
        answer = prometheus.get("/api/v1/query", params={"query": query}).json()
        assert answer["status"] == "success", answer
        return list(answer["data"]["result"])

    until(series, lambda found: bool(found) or panel.title in QUIET, 120)
