"""Programs, parts and free disk that this machine lacks, and how to get them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters import model_manifest
from adapters.settings import Settings
from deploy.devstack import disk_space, front, toolchains
from deploy.devstack.disk_space import CLONE, Shortage, gigabytes
from deploy.devstack.front import TOOLS
from deploy.devstack.install import tools
from deploy.image import weights


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for."""

    name: str
    ok: bool
    advice: str


def findings(settings: Settings, installed: Path = TOOLS) -> list[Finding]:
    """Programs, installed parts and free disk. Asks each program its version: some seconds."""
    parts = _installed(settings, installed)
    has_servers = all(part.ok for part in parts)
    wanted = disk_space.of_installation(CLONE, has_servers=has_servers)
    return [*_programs(), *parts, *_disk([*wanted, disk_space.of_stack(settings.data_dir)])]


def _programs() -> Iterator[Finding]:
    advice = "install Python 3.11 and make it `python3.11`"
    yield Finding("Python 3.11", toolchains.is_python(), advice)
    for tool in toolchains.needed():
        complaint = tool.complaint()
        yield Finding(str(tool), not complaint, complaint or tool.advice)


def _installed(settings: Settings, installed: Path) -> list[Finding]:
    manifest = model_manifest.load(settings.models_manifest)
    missing = weights.absent(manifest, settings.models_profile, settings.models_dir)
    return [
        Finding("Kafka's jars", tools.kafka_installed(installed), "make install"),
        Finding("S3 gateway", tools.s3_installed(installed), "make install"),
        _nginx(installed),
        Finding("weights", not missing, "make install"),
    ]


def _nginx(installed: Path) -> Finding:
    program = front.installed(installed)
    if program is None:
        return Finding("nginx", False, "make install, or install nginx")
    tool = toolchains.nginx(str(program))
    complaint = tool.complaint()
    return Finding(str(tool), not complaint, complaint or tool.advice)


def _disk(wanted: Iterable[disk_space.Wanted]) -> Iterator[Finding]:
    """One finding for each disk that is too small, or one that all are large enough."""
    parts = list(wanted)
    found: list[Shortage] = disk_space.shortages(parts)
    needed = gigabytes(sum(one.megabytes for one in parts))
    if not found:
        yield Finding(f"{needed} of free disk", True, "")
    for one in found:
        yield Finding(f"{one.needed} of free disk", False, str(one))
