"""The two servers that are not Python packages: Kafka's jars by Maven, versitygw by the Go toolchain."""

import shutil
import subprocess
from pathlib import Path

KAFKA_JARS = 47
"""What the pom resolves to (findings); fewer means an interrupted copy."""


def kafka_installed(tools: Path) -> bool:
    """Whether all of Kafka's jars are there."""
    return len(list((tools / "kafka" / "libs").glob("*.jar"))) >= KAFKA_JARS


def install_kafka(tools: Path) -> None:
    """Blocking: copy the jars that the pom names. Maven checks their digests."""
    target = (tools / "kafka" / "libs").resolve()
    shutil.rmtree(target, ignore_errors=True)
    _run(["mvn", "-q", "-B", "-C", "dependency:copy-dependencies", f"-DoutputDirectory={target}"], Path("deploy/local/kafka"))


def s3_installed(tools: Path) -> bool:
    """Whether the S3 gateway is built."""
    return (tools / "bin" / "versitygw").is_file()


def install_s3(tools: Path) -> None:
    """Blocking, minutes: build the gateway at the version of go.mod; go.sum pins every source."""
    target = (tools / "bin" / "versitygw").resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    _run(["go", "build", "-o", str(part), "github.com/versity/versitygw/cmd/versitygw"], Path("deploy/local/versitygw"))
    part.replace(target)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"`{' '.join(command)}` in {folder} failed:\n{(done.stdout + done.stderr)[-2000:]}")
