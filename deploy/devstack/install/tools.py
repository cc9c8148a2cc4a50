"""The servers that are no Python packages: Kafka by Maven, versitygw by Go, nginx by apt."""

import shutil
import subprocess
from pathlib import Path

from adapters.model_manifest import verified
from deploy.devstack import front

KAFKA = Path("deploy/devstack/kafka")
"""Beside the pom lie the digests of all the jars that it resolves to."""


def kafka_installed(tools: Path) -> bool:
    """Return whether all of Kafka's jars are there."""
    folder = tools / "kafka" / "libs"
    return all((folder / name).is_file() for name in _digests())


def _digests() -> dict[str, str]:
    digests: dict[str, str] = {}
    for line in (KAFKA / "libs.sha256").read_text().splitlines():
        digest, name = line.split()
        digests[name] = digest
    return digests


def install_kafka(tools: Path) -> None:
    """Copy the jars that the pom names. Blocking.

    Raises RuntimeError when one of them has not the digest that was pinned.
    """
    target = (tools / "kafka" / "libs").resolve()
    part = target.with_suffix(".part")
    for folder in (target, part):
        shutil.rmtree(folder, ignore_errors=True)
    _run(
        ["mvn", "-q", "-B", "-C", "dependency:copy-dependencies", f"-DoutputDirectory={part}"],
        KAFKA,
    )
    wrong = [name for name, digest in _digests().items() if not verified(part / name, digest)]
    if wrong:
        raise RuntimeError(
            f"{', '.join(wrong)}: missing, or not the bytes that {KAFKA / 'libs.sha256'} names"
        )
    part.replace(target)


def s3_installed(tools: Path) -> bool:
    """Return whether the S3 gateway is built."""
    return (tools / "bin" / "versitygw").is_file()


def install_s3(tools: Path) -> None:
    """Blocking, minutes: build the gateway at the version of go.mod; go.sum pins every source."""
    target = (tools / "bin" / "versitygw").resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    _run(
        ["go", "build", "-o", str(part), "github.com/versity/versitygw/cmd/versitygw"],
        Path("deploy/devstack/versitygw"),
    )
    part.replace(target)


def nginx_installed(tools: Path) -> bool:
    """Return whether the front door's server is there: the system's, or one that is unpacked."""
    return front.installed(tools) is not None


def install_nginx(tools: Path) -> None:
    """Unpack Debian's package; nothing is installed, and root is not needed. Blocking.

    apt checks the package's digest against its signed lists. Raises RuntimeError.
    """
    part = (tools / "nginx.part").resolve()
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    download = ["apt-get", "download", "-qq", "nginx"]
    try:
        _run(download, part)
    except RuntimeError:
        _run(["apt-get", "update", "-qq"], part)
        _run(download, part)
    for package in part.glob("nginx_*.deb"):
        _run(["dpkg", "-x", str(package), str(part / "unpacked")], part)
    shutil.rmtree(tools / "nginx", ignore_errors=True)
    (part / "unpacked").replace((tools / "nginx").resolve())
    shutil.rmtree(part)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"`{' '.join(command)}` in {folder} failed:\n{(done.stdout + done.stderr)[-2000:]}"
        )
