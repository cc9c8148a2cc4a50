"""Every generated file with the text that it must hold."""

from pathlib import Path

from deploy.front_door import files as front_door
from deploy.generators import architecture, cookbook, pages
from deploy.grafana import dashboard_json
from deploy.openapi import applications as openapi
from schemas import documents as schema_documents


def files() -> dict[Path, str]:
    """Return every generated file and its text. Starts no server; takes seconds."""
    return {
        **schema_documents.generated(),
        **dashboard_json.files(),
        **openapi.files(),
        **architecture.files(),
        **cookbook.files(),
        **pages.files(),
        **front_door.files(),
    }


def stale() -> dict[Path, str]:
    """Return the files that do not hold what they must, with the text that they must hold."""
    return {
        path: text
        for path, text in files().items()
        if not path.exists() or path.read_text() != text
    }
