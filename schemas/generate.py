"""`python -m schemas.generate [--check | --publish]`: JSON Schema of every event and the AsyncAPI 3 document, from the types.

`--check` changes nothing and fails when the committed files are stale, or when a published event changed in a way
that breaks a reader or a writer of its version. `--publish` makes the present schemas the published ones.
"""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from schemas import topics
from schemas.event import Event
from schemas.topics import Topic

HERE = Path(__file__).parent
GENERATED, PUBLISHED = HERE / "generated", HERE / "published.json"
Document = dict[str, Any]


def kinds() -> dict[str, type[Event]]:
    """Every event type that may be on a topic, by name."""
    return {kind.__name__: kind for topic in topics.ALL for kind in topic.events}


def json_schema(kind: type[Event]) -> Document:
    """JSON Schema 2020-12 of one event, self-contained."""
    schema = msgspec.json.schema(kind)
    event = schema["$defs"][kind.__name__]
    # On the wire every event has its id; only the constructor fills it in.
    del event["properties"]["event_id"]["default"]
    event["required"].insert(1, "event_id")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def asyncapi() -> Document:
    """AsyncAPI 3.0: a channel for every topic with its Kafka binding, a message for every event."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Lahstats topics", "version": "1.0.0", "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in topics.ALL},
        "operations": {
            f"{verb}.{topic.name}": _operation(topic, verb)
            for topic in topics.ALL
            for verb in ("send", "receive")
        },
        "components": {"messages": {name: _message(kind) for name, kind in kinds().items()}},
    }


def _channel(topic: Topic) -> Document:
    cleanup = (
        {"cleanup.policy": ["compact"]}
        if topic.compacted
        else {"cleanup.policy": ["delete"], "retention.ms": topic.retention_ms}
    )
    return {
        "address": topic.name,
        "description": f"Keyed by {topic.key}. Dead letters: {topic.dead_letters}.",
        "messages": {
            kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"}
            for kind in topic.events
        },
        "bindings": {"kafka": {"partitions": topic.partitions, "topicConfiguration": cleanup}},
    }


def _operation(topic: Topic, verb: str) -> Document:
    who = topic.producers if verb == "send" else topic.consumers
    return {
        "action": verb,
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": ", ".join(who),
    }


def _message(kind: type[Event]) -> Document:
    summary = (kind.__doc__ or "").splitlines()[0]
    return {
        "name": kind.__name__,
        "summary": summary,
        "payload": {"$ref": f"json/{kind.__name__}.v1.json"},
    }


def files() -> dict[Path, str]:
    """Every generated file with its text."""
    texts: dict[Path, Document] = {
        GENERATED / "json" / f"{name}.v1.json": json_schema(kind) for name, kind in kinds().items()
    }
    texts[GENERATED / "asyncapi.json"] = asyncapi()
    return {
        path: json.dumps(document, indent=1, ensure_ascii=False) + "\n"
        for path, document in texts.items()
    }


def breaks(published: Document, present: Document) -> list[str]:
    """What changed in a way that an old event, or an old reader, would not survive."""
    found = [f"{name} is gone" for name in published if name not in present]
    for name, old in published.items():
        found += _breaks_in(name, old.get("$defs", {}), (present.get(name) or old).get("$defs", {}))
    return found


def _breaks_in(event: str, old: Document, new: Document) -> list[str]:
    found = []
    for part, schema in old.items():
        was, now = schema.get("properties", {}), new.get(part, {}).get("properties", {})
        found += [f"{event}: {part}.{name} is gone" for name in was if name not in now]
        found += [
            f"{event}: {part}.{name} is new, and readers of this version refuse fields they do not know"
            for name in now
            if name not in was
        ]
        found += [
            f"{event}: {part}.{name} changed"
            for name in was
            if name in now and was[name] != now[name]
        ]
    return found


def main(arguments: list[str]) -> int:
    """0 when all is well; 1 with what is wrong and what to do."""
    present = {name: json_schema(kind) for name, kind in kinds().items()}
    if "--check" in arguments:
        stale = [
            str(path)
            for path, text in files().items()
            if not path.exists() or path.read_text() != text
        ]
        wrong = [f"stale: {path} (run `python -m schemas.generate`)" for path in stale]
        wrong += [
            f"incompatible: {what} (make a new version)"
            for what in breaks(json.loads(PUBLISHED.read_text()), present)
        ]
        sys.stderr.write("".join(f"{line}\n" for line in wrong))
        return 1 if wrong else 0
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if "--publish" in arguments:
        PUBLISHED.write_text(json.dumps(present, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
