"""Compatibility of events with the published ones: a reader understands both."""

import json
from collections.abc import Iterator
from pathlib import Path

from schemas.documents import Document, json_schemas, text_of

PUBLISHED = Path(__file__).parent / "published.json"
"""JSON Schemas of the events as they were released last, by name."""


def problems() -> list[str]:
    """Return every incompatible change since the last release, with its remedy."""
    published = json.loads(PUBLISHED.read_text())
    present = json.loads(present_text())  # a default of () is [] in JSON
    changes = incompatible_changes(published, present)
    return [f"incompatible: {change} (make a new version)" for change in changes]


def present_text() -> str:
    """Return the present schemas. They become the published ones right before a release."""
    return text_of(json_schemas())


def incompatible_changes(published: Document, present: Document) -> list[str]:
    """Return the changes that break an old event, or an old reader, of the same version."""
    changes = [f"{name} is gone" for name in published if name not in present]
    for name, new in present.items():
        old = published.get(name) or {}
        changes += _changes_of_event(name, old.get("$defs", {}), new.get("$defs", {}))
    return changes


def _changes_of_event(event: str, old: Document, new: Document) -> list[str]:
    changes: list[str] = []
    for struct, schema in old.items():
        was = schema.get("properties", {})
        now = new.get(struct, {}).get("properties", {})
        found = _changes_of_fields(was, now)
        changes += [f"{event}: {struct}.{change}" for change in found]
    return changes


def _changes_of_fields(was: Document, now: Document) -> Iterator[str]:
    for name in was:
        if name not in now:
            yield f"{name} is gone"
    for name in now:
        if name not in was:
            yield f"{name} is new, and readers of this version refuse fields they do not know"
    for name in was:
        if name in now and was[name] != now[name]:
            yield f"{name} changed"
