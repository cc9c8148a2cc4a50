"""`python -m deploy.devstack.install.main`: make the machine able to run the stack. Repeatable; does only what is missing."""

import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from adapters import model_manifest
from adapters.settings import Settings
from deploy.devstack.install import tools
from deploy.image import weights

TOOLS = Path(".local")


def main() -> int:
    """Blocks, minutes on the first run. 0 when everything is there, 1 with what to do about it."""
    settings, console = Settings(), Console(stderr=True)
    manifest = model_manifest.load(settings.models_manifest)

    def fetch_weights() -> None:
        for name in weights.fetch(
            weights.absent(manifest, settings.models_profile, settings.models_dir)
        ):
            console.print(f"    {name} verified")

    steps: list[tuple[str, bool, Callable[[], None]]] = [
        (
            "Kafka's jars (44 MB, Maven)",
            tools.kafka_installed(TOOLS),
            lambda: tools.install_kafka(TOOLS),
        ),
        (
            "S3 gateway (built with Go, some minutes)",
            tools.s3_installed(TOOLS),
            lambda: tools.install_s3(TOOLS),
        ),
        (
            "weights (230 MB)",
            not weights.absent(manifest, settings.models_profile, settings.models_dir),
            fetch_weights,
        ),
    ]
    for title, present, install in steps:
        if present:
            continue
        try:
            with console.status(f"installing {title}"):
                install()
        except (RuntimeError, OSError) as error:
            console.print(
                f"[red]could not install {title}[/]: {error}\n`make doctor` names what is missing."
            )
            return 1
        console.print(f"  installed {title}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
