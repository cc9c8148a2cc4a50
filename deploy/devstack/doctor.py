"""The tools that this machine lacks, and how to get them."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from adapters import model_manifest
from adapters.settings import Settings
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
    """Toolchains and installed parts. Runs `--version` of each; takes a second."""
    return [*_toolchains(), *_installed(settings, installed)]


def _toolchains() -> list[Finding]:
    return [
        Finding(
            "Python 3.11",
            sys.version_info[:2] == (3, 11),
            "install Python 3.11 and make it `python3.11`",
        ),
        Finding(
            "Java 17 or newer", _java() >= 17, "install a JDK, for instance openjdk-17-jdk-headless"
        ),
        Finding("Maven", shutil.which("mvn") is not None, "install maven"),
        Finding("Go", shutil.which("go") is not None, "install Go 1.26 or newer"),
        Finding(
            "npm, for `make test`",
            shutil.which("npm") is not None,
            "install Node.js 20 or newer, which brings npm",
        ),
    ]


def _installed(settings: Settings, installed: Path) -> list[Finding]:
    manifest = model_manifest.load(settings.models_manifest)
    missing = weights.absent(manifest, settings.models_profile, settings.models_dir)
    return [
        Finding("Kafka's jars", tools.kafka_installed(installed), "make install"),
        Finding("S3 gateway", tools.s3_installed(installed), "make install"),
        Finding("nginx", tools.nginx_installed(installed), "make install, or install nginx"),
        Finding("weights", not missing, "make install"),
    ]


def _java() -> int:
    if shutil.which("java") is None:
        return 0
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found.group(1)) if found else 0
