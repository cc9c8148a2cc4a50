"""Documents made from the types: JSON Schema of every event, and AsyncAPI 3 of every topic."""

import json
from pathlib import Path
from typing import Any

import msgspec

from schemas import topics
from schemas.event import Event
from schemas.fact_sheet import Topic

GENERATED = Path(__file__).parent / "generated"
Document = dict[str, Any]
"""A JSON document, as the standard library encodes it."""


def json_schemas() -> dict[str, Document]:
    """Return the JSON Schema of every event, by name."""
    return {name: json_schema(kind) for name, kind in topics.EVENT_TYPES.items()}


def json_schema(kind: type[Event]) -> Document:
    """Return the JSON Schema 2020-12 of one event, self-contained."""
    schema = msgspec.json.schema(kind)
    event = schema["$defs"][kind.__name__]
    # On the wire every event has its id; only the constructor fills it in.
    del event["properties"]["event_id"]["default"]
    event["required"].insert(1, "event_id")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def asyncapi() -> Document:
    """Return the AsyncAPI 3.0 document: a channel for every topic, a message for every event."""
    info = {"title": "Lahstats topics", "version": "1.0.0", "license": {"name": "Apache-2.0"}}
    channels = {topic.name: _channel(topic) for topic in topics.ALL}
    messages = {name: _message(kind) for name, kind in topics.EVENT_TYPES.items()}
    operations: Document = {}
    for topic in topics.ALL:
        operations[f"send.{topic.name}"] = _operation(topic, "send", topic.writers)
        operations[f"receive.{topic.name}"] = _operation(topic, "receive", topic.readers)
    return {
        "asyncapi": "3.0.0",
        "info": info,
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def _channel(topic: Topic) -> Document:
    names = [kind.__name__ for kind in topic.events]
    return {
        "address": topic.name,
        "description": f"Keyed by {':'.join(topic.key)}. Dead letters: {topic.dead_letters}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": _binding(topic)},
    }


def _binding(topic: Topic) -> Document:
    retention: Document = {"cleanup.policy": ["delete"], "retention.ms": topic.retention_ms}
    if topic.compacted:
        retention = {"cleanup.policy": ["compact"]}
    return {"partitions": topic.partitions, "topicConfiguration": retention}


def _operation(topic: Topic, action: str, stages: tuple[str, ...]) -> Document:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": ", ".join(stages),
    }


def _message(kind: type[Event]) -> Document:
    summary, *_ = (kind.__doc__ or "").splitlines()
    return {
        "name": kind.__name__,
        "summary": summary,
        "payload": {"$ref": f"json/{kind.__name__}.v1.json"},
    }


def generated() -> dict[Path, str]:
    """Return every generated file of this package with its text."""
    files = {GENERATED / "asyncapi.json": text_of(asyncapi())}
    for name, schema in json_schemas().items():
        files[GENERATED / "json" / f"{name}.v1.json"] = text_of(schema)
    return files


def text_of(document: Document) -> str:
    """Return a document as the text of its file."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
