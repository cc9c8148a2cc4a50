"""`python -m deploy.devstack.install.main`: installs everything that the local stack needs."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console

from adapters import model_manifest
from adapters.settings import Settings
from deploy.devstack.front import TOOLS
from deploy.devstack.install import tools
from deploy.devstack.kafka import class_archive
from deploy.image import weights


@dataclass(frozen=True)
class Part:
    """One thing to install, and whether it is there already."""

    title: str
    is_present: bool
    install: Callable[[], None]


def main() -> int:
    """Return 0 when everything is there, or 1 after saying what to do.

    Blocking, minutes on the first run. Repeatable: does only what is missing.
    """
    console = Console(stderr=True)
    for part in _parts(Settings(), console):
        if not part.is_present and not _installed(part, console):
            return 1
    return 0


def _parts(settings: Settings, console: Console) -> list[Part]:
    manifest = model_manifest.load(settings.models_manifest)
    absent = weights.absent(manifest, settings.models_profile, settings.models_dir)

    def fetch_weights() -> None:
        for name in weights.fetch(absent):
            console.print(f"    {name} verified")

    kafka_title = "Kafka's jars (44 MB, Maven)"
    archive_title = "an archive of Kafka's classes (it starts sooner)"
    s3_title = "S3 gateway (built with Go, some minutes)"
    return [
        Part(kafka_title, tools.kafka_installed(TOOLS), lambda: tools.install_kafka(TOOLS)),
        Part(archive_title, class_archive.is_made(), class_archive.make),
        Part(s3_title, tools.s3_installed(TOOLS), lambda: tools.install_s3(TOOLS)),
        Part("nginx (Debian's)", tools.nginx_installed(TOOLS), lambda: tools.install_nginx(TOOLS)),
        Part("weights (230 MB)", not absent, fetch_weights),
    ]


def _installed(part: Part, console: Console) -> bool:
    try:
        with console.status(f"installing {part.title}"):
            part.install()
    except (RuntimeError, OSError) as error:
        console.print(f"[red]could not install {part.title}[/]: {error}")
        console.print("`make doctor` names what is missing.")
        return False
    console.print(f"  installed {part.title}")
    return True


if __name__ == "__main__":
    sys.exit(main())
