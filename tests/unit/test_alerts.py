"""Alert rules name what the code can say: a label value that nothing sets can never alert."""

import json
import re
from pathlib import Path

import pytest
import yaml

from adapters.kafka import fuse_gate
from adapters.kafka.dead_letters import Letters
from adapters.kafka.fuse_gate import FuseGate, Fuses
from adapters.process import metrics
from adapters.process.clock import unix_ms
from consumers.audio.window_audio import WindowAudio
from consumers.diarize.step import Diarize
from deploy.grafana.boards import BOARDS
from schemas import stages, topics
from schemas.fuses import OpenFuse
from schemas.rejections import Reason
from schemas.session_events import Failure
from schemas.stage_kinds import Need
from schemas.stage_names import StageName
from tests.fakes import OneVoice, Silence
from tests.memory_blob_store import MemoryBlobStore

RULES = Path("deploy/prometheus/alerts.yaml")
TESTS = Path("deploy/prometheus/alerts_test.yaml")
RECORDED = Path("deploy/prometheus/recorded")
GATEWAY = json.loads(Path("deploy/openapi/gateway.json").read_text())


def expressions() -> str:
    rules = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    return " ".join(rule["expr"] for rule in rules)


def test_every_alert_fires_on_a_recording_of_a_real_fault() -> None:
    rules = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    recorded = "\n".join(path.read_text() for path in RECORDED.glob("*.yaml"))
    fired = set(re.findall(r'alertname="(\w+)"', recorded))
    assert fired == {rule["alert"] for rule in rules}


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


def test_a_stage_shows_dead_letters_before_there_are_any() -> None:
    """`increase` sees none when a counter comes into being at 1."""
    Letters("rollup", unix_ms)
    shown = {reason: dead_letters("rollup", reason) for reason in Reason}
    assert shown == dict.fromkeys(Reason, 0.0)


def dead_letters(stage: str, reason: Reason) -> float | None:
    labels = {"stage": stage, "reason": reason.value}
    return metrics.REGISTRY.get_sample_value("lahstats_dead_letters_total", labels)


def test_failed_sessions_are_shown_before_there_are_any() -> None:
    metrics.expect_failed_sessions()
    name = "lahstats_sessions_failed_total"
    for failure in Failure:
        found = metrics.REGISTRY.get_sample_value(name, {"failure": failure.value})
        assert found is not None


def test_a_model_stage_shows_its_audio_before_there_is_any() -> None:
    """Before, a worker that never worked on anything had no series, so no alert was given."""
    metrics.AUDIO_SECONDS.clear()
    blobs = MemoryBlobStore()
    Diarize(blobs, unix_ms, "m", WindowAudio(blobs, Silence()), OneVoice(), passes=1)
    labels = {"stage": StageName.DIARIZE.value}
    assert metrics.REGISTRY.get_sample_value("lahstats_audio_seconds_total", labels) is not None


class OpenFuses(Fuses):
    """A fuse that is open at the first look, and closed at the next."""

    def __init__(self) -> None:
        super().__init__("nobody:1")
        self.seen: list[float | None] = []

    def open_ones(self) -> dict[str, OpenFuse]:
        """Notes what the metric says at each look."""
        self.seen.append(
            metrics.REGISTRY.get_sample_value("lahstats_fuse_open", {"stage": "clips"})
        )
        if len(self.seen) > 2:
            return {}
        fuse = OpenFuse(
            stage=StageName.CLIPS, opened_at_ms=1, failed=12, sources=13, reason="step_failed"
        )
        return {"clips": fuse}


def test_an_open_fuse_is_shown_until_somebody_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuse_gate, "LOOK_S", 0.0)
    fuses = OpenFuses()
    FuseGate("clips", fuses, unix_ms).wait()
    assert fuses.seen == [0.0, 1.0, 1.0]
    assert metrics.REGISTRY.get_sample_value("lahstats_fuse_open", {"stage": "clips"}) == 0.0
