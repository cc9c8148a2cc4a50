"""The dashboards as the JSON files that Grafana reads."""

import json
from pathlib import Path

from deploy.grafana.boards import BOARDS, CHANGES, METRICS, SOURCE, Board, Panel

FOLDER = Path("deploy/grafana/dashboards")
DATASOURCE = {"type": "grafana-clickhouse-datasource", "uid": SOURCE}
PROMETHEUS = {"type": "prometheus", "uid": METRICS}
FULL_WIDTH = 24


def dashboard(board: Board) -> dict[str, object]:
    """Grafana's dashboard model."""
    return {
        "uid": board.uid,
        "title": board.title,
        "schemaVersion": 39,
        "tags": ["lahstats"],
        "timezone": board.time_zone,
        "time": {"from": "now-90d", "to": "now"},
        "refresh": "5m",
        "templating": {
            "list": [*_sources(board), *(_choice(name, query) for name, query in board.choices)]
        },
        "annotations": {"list": [_annotation()]},
        "panels": [_panel(n, panel) for n, panel in enumerate(board.panels)],
    }


def _panel(number: int, panel: Panel) -> dict[str, object]:
    across = FULL_WIDTH // panel.width
    return {
        "id": number + 1,
        "title": panel.title,
        "description": panel.what,
        "type": panel.kind,
        "datasource": PROMETHEUS if panel.promql else DATASOURCE,
        "gridPos": {
            "x": number % across * panel.width,
            "y": number // across * panel.height,
            "w": panel.width,
            "h": panel.height,
        },
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "targets": [_target(panel)],
    }


def _target(panel: Panel) -> dict[str, object]:
    if panel.promql:
        return {"refId": "A", "datasource": PROMETHEUS, "expr": panel.query, "range": True}
    return {
        "refId": "A",
        "datasource": DATASOURCE,
        "rawSql": panel.query,
        "editorType": "sql",
        "format": _format(panel),
    }


def _format(panel: Panel) -> int:
    """The data source's own numbers: 0 is a time series, 1 a table."""
    return 0 if panel.kind == "timeseries" else 1


def _sources(board: Board) -> list[dict[str, object]]:
    warehouse: dict[str, object] = {
        "name": "source",
        "label": "ClickHouse",
        "type": "datasource",
        "query": DATASOURCE["type"],
    }
    metrics: dict[str, object] = {
        "name": "metrics",
        "label": "Prometheus",
        "type": "datasource",
        "query": PROMETHEUS["type"],
    }
    if any(panel.promql for panel in board.panels):
        return [warehouse, metrics]
    return [warehouse]


def _choice(name: str, query: str) -> dict[str, object]:
    every = {"includeAll": True, "multi": True, "current": {"text": ["All"], "value": ["$__all"]}}
    return {
        "name": name,
        "type": "query",
        "datasource": DATASOURCE,
        "query": query,
        "refresh": 2,
        **every,
    }


def _annotation() -> dict[str, object]:
    target = {"refId": "changes", "rawSql": CHANGES, "editorType": "sql", "format": 1}
    return {
        "name": "changes of lexicon and models",
        "enable": True,
        "datasource": DATASOURCE,
        "iconColor": "orange",
        "target": target,
    }


def files() -> dict[Path, str]:
    """The text of each file."""
    return {
        FOLDER / f"{board.uid}.json": json.dumps(dashboard(board), indent=1, ensure_ascii=False)
        + "\n"
        for board in BOARDS
    }
