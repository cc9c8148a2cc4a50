"""The Kubernetes files as both overlays build them, and what tests ask of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kustomize import Document, built

FOLDER = Path("deploy/kubernetes")
BASE = FOLDER / "base"
OVERLAYS = {name: built(FOLDER / "overlays" / name) for name in ("cpu", "gpu")}
FRONT = "front"
"""nginx: what people reach. It is no stage."""
HOME = "/var/lib/lahstats"
overlays = pytest.mark.parametrize("overlay", OVERLAYS)


def of_kind(kind: str, overlay: str = "cpu") -> Iterator[Document]:
    yield from (one for one in OVERLAYS[overlay] if one["kind"] == kind)


def running(overlay: str) -> list[Document]:
    """The stages."""
    found = [*of_kind("Deployment", overlay), *of_kind("StatefulSet", overlay)]
    return [one for one in found if one["metadata"]["name"] != FRONT]


def deployments(overlay: str) -> dict[str, Document]:
    return {one["metadata"]["name"]: one for one in running(overlay)}


def pod_of(deployment: Document) -> Any:
    return deployment["spec"]["template"]["spec"]


def container_of(deployment: Document) -> Any:
    (container,) = pod_of(deployment)["containers"]
    return container


def environment_of(deployment: Document) -> dict[str, str]:
    return {one["name"]: one.get("value", "") for one in container_of(deployment)["env"]}


def scheduled(overlay: str) -> list[Document]:
    """The jobs that come again, as a Job of theirs would be."""
    return [one["spec"]["jobTemplate"] for one in of_kind("CronJob", overlay)]
