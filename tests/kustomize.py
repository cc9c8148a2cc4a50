"""The little of kustomize that the overlays use: resources, and JSON patches by kind and name.

There is no kustomize where the tests run. This follows its documents; it is not its code.
"""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]
KNOWN = {"apiVersion", "kind", "resources", "patches"}


def documents(path: Path) -> list[Document]:
    """Return all documents of a file."""
    return [one for one in yaml.load_all(path.read_text(), yaml.CSafeLoader) if one]


def built(folder: Path) -> list[Document]:
    """Return what `kustomize build FOLDER` prints. Raises ValueError for what is not known here."""
    (kustomization,) = documents(folder / "kustomization.yaml")
    if unknown := set(kustomization) - KNOWN:
        raise ValueError(f"{folder}: {unknown} is not known here")
    found = [one for name in kustomization["resources"] for one in _resource(folder / name)]
    for patch in kustomization.get("patches", []):
        (operations,) = documents(folder / patch["path"])
        for one in _targets(found, patch["target"]):
            _patch(one, operations)
    return found


def _resource(path: Path) -> list[Document]:
    return built(path) if path.is_dir() else copy.deepcopy(documents(path))


def _targets(found: list[Document], target: Document) -> Iterator[Document]:
    matching = [
        one
        for one in found
        if one["kind"] == target["kind"] and re.fullmatch(target["name"], one["metadata"]["name"])
    ]
    if not matching:
        raise ValueError(f"nothing is patched: {target}")
    yield from matching


def _patch(one: Document, operations: Any) -> None:
    """RFC 6902: `add` and `replace`."""
    for operation in operations:
        *way, last = operation["path"].removeprefix("/").split("/")
        place: Any = one
        for step in way:
            place = place[_key(place, step)]
        key = _key(place, last)
        if operation["op"] == "replace" and key not in place:
            raise ValueError(f"there is nothing to replace: {operation['path']}")
        if isinstance(place, list):
            place.append(operation["value"])
        else:
            place[key] = operation["value"]


def _key(place: Any, step: str) -> Any:
    name = step.replace("~1", "/").replace("~0", "~")
    return int(name) if isinstance(place, list) and name != "-" else name
