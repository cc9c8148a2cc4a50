"""`python -m deploy.compose.env_file FOLDER`: secrets for the Compose file, made once.

It writes `FOLDER/.env`, which names them, and prints the command that starts everything. The
certificate in `FOLDER/tls` is signed by itself: put your own there.
"""

import secrets
import sys
from pathlib import Path

from deploy.prepare import certificates, credentials
from deploy.prepare.private_file import is_written, write_private

OF_GRAFANA = ("lahstats_grafana_password", "lahstats_analyst_password")
"""That of its administrator, and the one by which it asks ClickHouse."""


def write(folder: Path) -> Path:
    """Make what is missing, and return the file for `docker compose --env-file`.

    Only its owner can read it. Repeatable: secrets that are there stay.
    """
    credentials.ensure(folder)
    kept = (folder / "secrets").resolve()
    # The keys are public, and the container's user is another than this file's owner.
    public_keys = kept / "jwks.json"
    public_keys.chmod(0o644)
    for name in OF_GRAFANA:
        if not is_written(kept / name):
            write_private(kept / name, secrets.token_hex(16).encode())
    lines: list[str] = []
    for name in (*credentials.NAMES, *OF_GRAFANA):
        secret = (kept / name).read_text()
        lines.append(f"{name.upper()}={secret}\n")
    certificate = certificates.ensure(folder.resolve() / "tls", ["localhost"])
    lines.append(f"LAHSTATS_JWKS={public_keys}\n")
    lines.append(f"LAHSTATS_TLS={certificate}\n")
    found = folder / ".env"
    write_private(found, "".join(lines).encode())
    return found


if __name__ == "__main__":
    sys.stdout.write(
        f"docker compose --env-file {write(Path(sys.argv[1]))} -f deploy/compose/compose.yaml up\n"
    )
