"""Alert rules name what the code can say: a label value that nothing sets can never alert."""

import json
import re
from pathlib import Path

import yaml

from deploy.grafana.boards import BOARDS
from schemas import stages, topics
from schemas.stage_kinds import Need

RULES = Path("deploy/prometheus/alerts.yaml")
TESTS = Path("deploy/prometheus/alerts_test.yaml")
GATEWAY = json.loads(Path("deploy/openapi/gateway.json").read_text())


def expressions() -> str:
    rules = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    return " ".join(rule["expr"] for rule in rules)


def test_alerts_on_processes_name_every_stage() -> None:
    jobs = re.findall(r'job=~"([^"]*)"', expressions())
    assert [set(names.split("|")) for names in jobs] == [set(stages.BY_NAME)]


def test_alerts_on_audio_name_the_stages_that_work_on_windows() -> None:
    on_audio = {
        stage.name
        for stage in stages.ALL
        if Need.MODELS in stage.needs and topics.WINDOW_READY in stage.reads
    }
    named = re.findall(r'stage=~"([^"]*)"', expressions())
    assert named
    assert all(set(names.split("|")) == on_audio for names in named)


def test_statuses_of_uploads_are_answers_that_the_route_can_give() -> None:
    path = "/v1/sessions/{session_id}/chunks/{seq}"
    answers = set(GATEWAY["paths"][path]["put"]["responses"])
    panels = [panel.query for board in BOARDS for panel in board.panels]
    text = "\n".join([RULES.read_text(), TESTS.read_text(), *panels])
    quoted = re.findall(r'chunks_answered_total\{status(?:=|!~|=~|!=)\\?"([\d|]+)', text)
    named = {status for group in quoted for status in group.split("|")}
    assert named >= {"201", "503"}
    assert named <= answers
